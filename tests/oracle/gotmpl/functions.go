package main

import (
	"fmt"
	"strings"
)

func calls() []Case {
	cases := []Case{}
	for _, function := range []string{"upper", "half", "big", "flag", "keysof", "items", "strs", "ints", "labels", "raw", "id", "one", "repeat 2", "join \"-\"", "printf"} {
		for _, key := range keys(sampleValues) {
			cases = append(cases, texts(sampleValues,
				fmt.Sprintf("{{%s .%s}}", function, key), fmt.Sprintf("{{.%s | %s}}", key, function), fmt.Sprintf("{{%s (index . %q)}}", function, key))...)
		}
	}
	for _, function := range []string{"upper", "half", "big", "flag", "keysof", "items", "strs", "raw", "id", "join \"-\"", "cat", "repeat", "one", "typeof"} {
		for _, literal := range []string{"1", "-1", "1.5", "2.0", "1e3", "0x10", "'a'", "\"s\"", "`r`", "true", "nil", ".", "$", "1+2i", "18446744073709551615", "9223372036854775808", "null", "one", "(null)", "(1)", "(\"s\")", "(1.5)"} {
			cases = append(cases, texts(sampleValues, fmt.Sprintf("{{%s %s}}", function, literal))...)
		}
	}
	return append(cases, texts(sampleValues,
		"{{repeat 2 \"ab\"}}", "{{\"ab\" | repeat 2}}", "{{repeat .fint \"x\"}}", "{{repeat .i64 \"x\"}}", "{{repeat 1.0 \"x\"}}", "{{repeat 1.5 \"x\"}}", "{{repeat -1 \"x\"}}", "{{repeat 1}}", "{{repeat 1 2 3}}", "{{join \"-\" \"a\" \"b\"}}", "{{join \"-\"}}", "{{join}}", "{{\"a\" | join}}", "{{\"b\" | join \"-\" \"a\"}}", "{{1 | join \"-\"}}",
		"{{divide 1 0}}", "{{divide 6 2}}", "{{refuse \"me\"}}", "a\n {{ refuse \"me\" }}", "{{refuse (printf \"%d\" 1)}}", "{{if refuse \"x\"}}{{end}}", "{{.s | refuse}}", "{{upper (refuse \"x\")}}", "{{first .l}}", "{{first .el}}", "{{undefined}}", "{{undefined .s}}", "{{upper undefined}}", "{{.s | undefined}}", "{{(upper .s).x}}", "{{id .m | keysof}}", "{{(id .m).a}}", "{{(id .m).deep.x}}",
		"{{cat 1 2 \"a\" \"b\" 3 nil}}", "{{cat}}", "{{cat .l .m}}", "{{typeof .l}} {{typeof .m}} {{typeof .ss}} {{typeof .is}} {{typeof .sm}} {{typeof .b}} {{typeof .f32}} {{typeof .u8}} {{typeof .nil}} {{typeof 1}} {{typeof 1.0}} {{typeof 'a'}} {{typeof (index .l 0)}} {{typeof (len .l)}} {{typeof (index .s 0)}}",
		"{{define \"d\"}}{{refuse \"deep\"}}{{end}}{{template \"d\"}}", "{{upper (upper (upper .i))}}", "{{upper (printf \"%d\" .i.x)}}", "{{printf \"%s\" (upper .i)}}", "{{and (refuse \"x\") 1}}", "{{and .f (refuse \"x\")}}", "{{or .t (refuse \"x\")}}", "{{or .f (refuse \"x\")}}", "{{ upper   .s   }}", "{{upper\n.s}}", "{{upper\n.i}}", "{{\nupper .i\n}}",
	)...)
}

func fields() []Case {
	data := map[string]any{"a": map[string]any{"b": map[string]any{"c": "deep", "1x": 1}, "_u": 5, "é": 6, "len": 7, "if": 8, "true": 9}, "l": []any{map[string]any{"n": "first"}, "str", 3}}
	return texts(data,
		"{{.a.b.c}}", "{{.a.b}}", "{{.a._u}}", "{{.a.é}}", "{{.a.len}}", "{{.a.if}}", "{{.a.true}}", "{{.a.b.c.d}}", "{{.a.b.x}}", "{{.a.b.x.y}}", "{{.a.x.y.z}}", "{{.x}}", "{{.x.y}}", "{{.a.b-c}}", "{{.a.1x}}", "{{.a b}}", "{{.a .b}}", "{{.a. b}}", "{{. a}}", "{{.a.}}", "{{.a..b}}", "{{a.b}}", "{{.a.b.}}",
		"{{(index .l 0).n}}", "{{(index .l 1).n}}", "{{(index .l 2).n}}", "{{(index .l 0).n.o}}", "{{(index .l 9).n}}", "{{.l.n}}", "{{$.a.b.c}}", "{{$.a.b.c.d}}", "{{with .a}}{{.b.c}}{{.z.y}}{{end}}", "{{with .a.b}}{{.c.d}}{{end}}", "{{range .l}}{{.n}}{{end}}", "{{(.a.b).c}}", "{{(.a).b.c}}", "{{((.a).b).c}}", "{{(.a.b).c.d}}", "{{(.a.z).c}}", "{{(.a).z.c}}", "{{.a.b.c | upper}}", "{{.a.b.c.d | upper}}",
		"{{.a.b | keysof}}", "{{print .a.b.c .a.len}}", "{{print (.a.b).c (.a).len}}", "{{print .a.z.q}}", "{{print (.a.z).q}}", "\n\t{{print .a.z.q}}", "x\ny {{ .a.b.c.d }}", "{{ if .a.z.q }}{{ end }}", "{{ with $v := .a }}{{ $v.b.c }}{{ $v.q.w }}{{ end }}", "{{ .a.b.c 1 }}", "{{ 1 | .a.b.c }}", "{{ (.a.b.c) 1 }}", "{{ .a.b.c.d 1 }}",
	)
}

func builtins() []Case {
	cases := []Case{}
	for _, key := range keys(sampleValues) {
		cases = append(cases, texts(sampleValues,
			fmt.Sprintf("{{len .%s}}", key), fmt.Sprintf("{{.%s | len}}", key), fmt.Sprintf("{{html .%s}}", key), fmt.Sprintf("{{js .%s}}", key), fmt.Sprintf("{{urlquery .%s}}", key), fmt.Sprintf("{{print .%s}}", key), fmt.Sprintf("{{println .%s 1}}", key),
			fmt.Sprintf("{{index .%s 0}}", key), fmt.Sprintf("{{index .%s 1}}", key), fmt.Sprintf("{{index .%s \"a\"}}", key), fmt.Sprintf("{{index .l .%s}}", key), fmt.Sprintf("{{index .m .%s}}", key), fmt.Sprintf("{{index .s .%s}}", key), fmt.Sprintf("{{slice .%s 1}}", key), fmt.Sprintf("{{slice .s .%s}}", key), fmt.Sprintf("{{call .%s}}", key),
			fmt.Sprintf("{{and .%s \"z\"}}", key), fmt.Sprintf("{{or .%s \"z\"}}", key), fmt.Sprintf("{{and \"z\" .%s}}", key), fmt.Sprintf("{{or \"\" .%s}}", key), fmt.Sprintf("{{.%s | and 1}}", key), fmt.Sprintf("{{.%s | or 0}}", key),
		)...)
	}
	return append(cases, texts(sampleValues,
		"{{len}}", "{{len 1 2}}", "{{len nil}}", "{{len 3}}", "{{len \"héllo\"}}", "{{len (null)}}", "{{len null}}", "{{index}}", "{{index .l}}", "{{index nil 1}}", "{{index .l 4}}", "{{index .l 5}}", "{{index .l -1}}", "{{index .l 1.0}}", "{{index .l nil}}", "{{index .l 3 \"b\"}}", "{{index .l 3 \"z\"}}", "{{index .l 3 \"z\" 1}}", "{{index .l 2 1}}", "{{index .m \"deep\" \"x\"}}", "{{index .m \"deep\" \"x\" 0}}", "{{index .m 1}}", "{{index .m nil}}",
		"{{index .s 3}}", "{{index .s 4}}", "{{index .s 5}}", "{{index .b 0}}", "{{index .b 9}}", "{{index .b 5}}", "{{index .ss 1}}", "{{index .ss 2}}", "{{index .ss 1 0}}", "{{index .is 0}}", "{{index .sm \"k\"}}", "{{index .sm \"z\"}}", "{{index 1 1}}", "{{index .t 1}}", "{{index .named \"q\"}}", "{{index .el 0}}", "{{index .l .u8}}", "{{index .l .u64}}", "{{index .l .i8}}", "{{1 | index .l}}", "{{index (id .l) 1}}", "{{(index .m \"a\").x}}",
		"{{slice}}", "{{slice nil}}", "{{slice .s}}", "{{slice .s 1}}", "{{slice .s 1 3}}", "{{slice .s 1 9}}", "{{slice .s 3 1}}", "{{slice .s 1 2 3}}", "{{slice .s -1}}", "{{slice .s 4}}", "{{slice .s 5}}", "{{slice .ss 0 1}}", "{{slice .ss 0 1 2}}", "{{slice .ss 0 2 1}}", "{{slice .ss 1 2 3 4}}", "{{slice .m 1}}", "{{slice 1}}", "{{slice .b 1 3}}", "{{slice .s 1.0}}", "{{slice .s nil}}", "{{slice \"héllo\" 0 2}}", "{{slice .is 1}}", "{{typeof (slice .is 1)}}", "{{slice .el}}",
		"{{html}}", "{{html \"<a href='x'>&\\\"\" 1 2}}", "{{html \"a\\x00b\"}}", "{{html nil}}", "{{html 1 nil}}", "{{js}}", "{{js \"<'\\\"&=\\\\\\n\\u2028é☺\\x7f\\xff>\"}}", "{{js 1 2}}", "{{urlquery}}", "{{urlquery \"a b/c?d=é&~-_.*'\"}}", "{{urlquery 1 2}}", "{{print}}", "{{print 1 2}}", "{{print \"a\" 1 2 \"b\" \"c\" nil nil}}", "{{print nil}}", "{{println}}", "{{println \"a\" 1 2 \"b\"}}", "{{print .l .m}}", "{{print 1.5 true 'a'}}", "{{print .ss \"a\" .is}}", "{{print .b .b}}",
		"{{and}}", "{{or}}", "{{and 1}}", "{{or 0}}", "{{and 1 0 2}}", "{{or 0 \"\" nil}}", "{{or nil}}", "{{and nil}}", "{{and nil 1}}", "{{or nil 2}}", "{{1 | and}}", "{{0 | or}}", "{{0 | or 0 1}}", "{{and 1 .i.x}}", "{{and 0 .i.x}}", "{{or 1 .i.x}}", "{{or 0 .i.x}}", "{{(and .m .l)}}", "{{(or .nil .m).a}}", "{{(and .t .m).deep.x}}", "{{(or .nope .m).z}}", "{{and (or 0 1) (and 2 3)}}", "{{not}}", "{{not 1 2}}", "{{not nil}}", "{{not (null)}}", "{{not \"\"}}", "{{1 | not}}",
		"{{call}}", "{{call nil}}", "{{call 1}}", "{{call \"f\" 1}}", "{{call .s 1}}", "{{1 | call}}", "{{\"f\" | call}}", "{{.l | call}}", "{{call (print 1)}}", "{{printf}}", "{{printf 1}}", "{{printf .i}}", "{{printf \"a\" | len}}", "{{printf nil}}", "{{\"x\" | printf}}", "{{1 | printf \"%d %s\" \"a\"}}",
	)...)
}

func comparisons() []Case {
	operands := append(keys(sampleValues), "nope")
	cases := []Case{}
	for _, function := range []string{"eq", "ne", "lt", "le", "gt", "ge"} {
		short := []string{"s", "empty", "t", "f", "i", "neg", "zero", "u8", "u64", "i64", "f1", "fint", "nan", "nil", "l", "ss", "m", "em", "sm", "b", "named", "nope", "el"}
		if function == "eq" {
			short = operands
		}
		if function == "ne" || function == "le" || function == "ge" {
			short = []string{"s", "t", "neg", "u64", "fint", "nil", "m"}
		}
		for _, a := range short {
			for _, b := range short {
				cases = append(cases, texts(sampleValues, fmt.Sprintf("{{%s .%s .%s}}", function, a, b))...)
			}
		}
		for _, args := range []string{"", "1", "1 2", "2 1", "1 1", "1 2 3", "\"a\" \"b\"", "\"b\" \"a\"", "1 1.0", "1.0 1", "1.5 2.5", "'a' 97", "true true", "true false", "nil nil", "nil 1", "1 nil", "\"\" nil", "1 \"1\"", "1+2i 1+2i", "1+2i 1", "1+2i 1+3i", ".i 42", ".u8 200", "200 .u8", ".fint 3.0", ".fint 3", ".i64 1", "(null) 1", "null 1", "null null", "(id .m) .m", "(len .l) 4", "(index .s 0) 't'", "(index .b 0) 98"} {
			cases = append(cases, texts(sampleValues, fmt.Sprintf("{{%s %s}}", function, args))...)
		}
	}
	return append(cases, texts(sampleValues,
		"{{eq 1 2 3 1}}", "{{eq 1 2 3}}", "{{eq 1 2 \"a\"}}", "{{eq 1 1 \"a\"}}", "{{1 | eq 1}}", "{{1 | eq}}", "{{.s | eq \"text\"}}", "{{if eq .s \"text\" \"other\"}}y{{end}}", "{{eq \"a\" .s .nil}}", "{{eq .nil .nil .m}}", "{{eq .m .nil}}", "{{eq .nil .m}}", "{{eq .l .m}}", "{{eq .t .t .f}}", "{{ne 1 2 3}}", "{{lt 1}}", "{{lt 1 2 3}}", "{{2 | lt 1}}", "{{eq .f1 1.5}}", "{{eq .f32 0.1}}", "{{eq .u64 18446744073709551615}}", "{{eq .u8 .i8}}", "{{lt .i8 .u8}}", "{{lt .u8 .i8}}", "{{lt .u64 .i}}", "{{lt .i .u64}}", "{{eq .neg .u64}}",
	)...)
}

func quote(s string) string { return fmt.Sprintf("%q", s) }

func printf() []Case {
	cases := []Case{}
	verbs := strings.Split("v d s q x X o O b c U e E f F g G t T z w", " ")
	flags := []string{"", "+", "-", "#", " ", "0", "8", "-8", "08", ".2", "8.3", "+.1", "# ", "+8", "#08", ".0", "."}
	names := []string{"s", "uni", "ctl", "bad", "empty", "t", "i", "neg", "zero", "u8", "u64", "f1", "fneg", "f6", "fsmall", "inf", "nan", "nil", "l", "ss", "is", "m", "sm", "b", "el", "named"}
	for _, verb := range verbs {
		for _, name := range names {
			cases = append(cases, texts(sampleValues, fmt.Sprintf("{{printf %s .%s}}", quote("%"+verb), name))...)
		}
		for i, flag := range flags[1:] {
			for j, name := range []string{"s", "i", "neg", "f1", "l", "b", "zero", "uni", "nil", "t"} {
				if (i+j)%2 == 0 || len(flag) == 1 {
					cases = append(cases, texts(sampleValues, fmt.Sprintf("{{printf %s .%s}}", quote("[%"+flag+verb+"]"), name))...)
				}
			}
		}
	}
	floats := []string{"0.1", "1.0", "100000.0", "1000000.0", "123456789.0", "1e20", "1e21", "1e-5", "0.0001", "1.7976931348623157e308", "5e-324", "2.5", "3.5", "-0.0", "0.30000000000000004", "1e100", "12345.6789", "99999.95", "0.000123456"}
	for _, f := range floats {
		for _, spec := range []string{"%v", "%g", "%G", "%e", "%E", "%f", "%.0f", "%.1f", "%.3f", "%.10f", "%.3g", "%.0g", "%.20g", "%#g", "%#v", "%#.3g", "%x", "%X", "%.3x", "%b", "%8.2f|", "%-12g|", "%+g", "% g", "%012.3f", "%d", "%#e", "%#f", "%#.0f", "%.15e"} {
			cases = append(cases, texts(nil, fmt.Sprintf("{{printf %s %s}}", quote(spec), f))...)
		}
	}
	special := []string{
		`"" 1`, `"%" 1`, `"%%" 1`, `"%%"`, `"%5%"`, `"%!" 1`, `"%d"`, `"%d %d" 1`, `"%d" 1 2`, `"%d" 1 nil "a" 2.5`, `"%s %s" "a"`, `"%[1]d" 5`, `"%[2]d %[1]d" 1 2`, `"%[3]d" 1 2`, `"%[0]d" 1`, `"%[x]d" 1`, `"%[1" 1`, `"%[1]" 1`, `"%[]d" 1`, `"%[2]*[1]d" 2 5`, `"%6.2f" 12.0`, `"%[3]*.[2]*[1]f" 12.0 2 6`,
		`"%*d" 5 42`, `"%-*d|" 5 42`, `"%*d|" -5 42`, `"%.*f" 2 3.14159`, `"%.*f" -2 3.14159`, `"%*d" "a" 42`, `"%.*d" "a" 42`, `"%*d" 10000000 42`, `"%*d" 5`, `"%.[2]*[1]f" 1.5 3`, `"%[1]*d" 3`, `"%-010d|" 42`, `"%+q" "é"`, `"%#q" "a"`, `"%#q" "a` + "\\x60" + `"`, `"% x" "abc"`, `"%# x" "abc"`, `"%#x" "abc"`, `"% X" "abc"`, `"%.2s" "héllo"`, `"%.2q" "héllo"`, `"%.2x" "hello"`, `"%5s|%-5s|" "é" "é"`, `"%05s" "ab"`, `"%-05d|" 3`,
		`"%c%c%c" 65 0x263A 0x110000`, `"%q %q %+q %#q" 65 0x263A 0x263A 10`, `"%U %#U %U" 65 0x263A -1`, `"%.6U" 65`, `"%#.6U" 65`, `"%o %#o %O" 8 8 8`, `"%b %#b" 5 5`, `"%x %X %#x %#X" 255 255 255 255`, `"%+d % d %+d" 5 5 -5`, `"%05d|%5d|%-5d|" -42 -42 -42`, `"%.5d|%8.5d|%-8.5d|%08.5d" 42 42 42 42`, `"%.0d|" 0`, `"%5.0d|" 0`, `"%t %t" true false`, `"%5t|%-7t|" true false`, `"%v %+v %#v %T" nil nil nil nil`, `"%d %s %t" nil nil nil`,
		`"%v %d" 1+2i 1+2i`, `"%.1f %g %e" 1+2i 1+2i 1+2i`, `"%#v" 1+2i`, `"%T %T %T %T %T" 1 1.5 "a" true 'c'`, `"%#v %#v %#v %#v" 1 1.5 "a" true`, `"%v%%" 5`, `"%é" 1`, `"%\xff" 1`, `"é%d☺" 1`, `"%10.3v|" "abcdef"`, `"%-10.3v|" "abcdef"`, `"%6.3v|%6v|" 3.14159 true`, `"%s" true`, `"%d" "x"`, `"%d" true`, `"%s" 1.5`, `"%x" 1.5`, `"%x" true`, `"%p" 1`, `"%p" nil`, `"%w" 1`, `"%w" nil`, `"%j" 1`, `"%!d" 1`, `"%-" 1`, `"%5" 1`, `"%." 1`, `"%.5" 1`, `"%[2]d %d" 1 2 3`, `"%[5]d %d" 1 2`, `"%d %[1]v %d" 1 2`,
		`"%s|%v|%d" .l .l .l`, `"%q" .l`, `"%x" .l`, `"%5v|" .l`, `"%05d" .is`, `"%q" .ss`, `"%x" .ss`, `"% x" .ss`, `"%s" .m`, `"%q" .m`, `"%d" .m`, `"%+v" .m`, `"%#v" .sm`, `"%#v" .ss`, `"%#v" .is`, `"%#v" .b`, `"%#v" .el`, `"%#v" .em`, `"%#v" .l`, `"%#v" .named`, `"%#v" .u8`, `"%#v" .f6`, `"%#v" .inf`, `"%#v %#v" .i64 .u64`, `"%T %T %T %T %T %T %T" .l .m .ss .is .sm .b .named`, `"%s %x %X %q %d %v" .b .b .b .b .b .b`, `"%t" .b`, `"%c" .is`, `"%U" .is`, `"%6.2f|" .l`, `"%t" .l`, `"%p" .t`, `"%v" .u64`, `"%d" .u64`, `"%x" .u64`, `"%x" .neg`, `"%X" .neg`, `"%b" .neg`, `"%o" .neg`, `"%c" .neg`, `"%q" .neg`, `"%U" .neg`, `"%s" .s .i`, `"%s" .nope`, `"%d" .nope`, `"%v" .nope`, `"%s%s" .s`, `.s 1`, `"%3c|%-3c|" 65 65`, `"%03c|" 65`, `"%+c" 65`, `"%08b" 5`, `"%+.3e" 12345.678`, `"%+08.2f" 3.14159`, `"%-+8.2f|" 3.14159`, `"% 08.2f" 3.14159`, `"%+v %+d" .inf 1`, `"%08v|" .inf`, `"%+v % v" .nan .nan`, `"%8v|" .nan`, `"%v %v" .f32 .f32`, `"%.3v" .f32`, `"%g %e %f" .f32 .f32 .f32`, `"%b" .f32`, `"%x" .f32`,
	}
	for _, args := range special {
		cases = append(cases, texts(sampleValues, "{{printf "+args+"}}")...)
	}
	return cases
}

func printing() []Case {
	cases := []Case{}
	numbers := []float64{0, 1, -1, 0.1, 1.1, 1.10, 2.5, 100000, 999999, 1000000, 1234567, 16777216, 123456789, 1e20, 1e21, 1e22, 1e-4, 1e-5, 0.00012, 123456.7, 1234567.8, 0.1 + 0.2, 1.0 / 3, 5e-324, 1.7976931348623157e308, -0.5, 1e15, 1e16, 9007199254740993, 3.0e10, 21, 99999.99, 999999.9, 1e5, 123e3, 65536, 4294967296}
	for _, n := range numbers {
		data := map[string]any{"n": n, "l": []any{n, -n}, "m": map[string]any{"k": n}}
		cases = append(cases, texts(data, "{{.n}}", "{{print .n}}", "{{.l}}", "{{.m}}", "{{printf \"%v %s %d\" .n .n .n}}", "{{html .n}}", "{{printf \"%.2f %5.1f %g\" .n .n .n}}")...)
	}
	trees := []any{
		[]any{}, []any{nil}, []any{nil, nil}, []any{[]any{}}, []any{[]any{1, 2}, []any{}}, map[string]any{}, map[string]any{"": ""}, map[string]any{"a": nil}, map[string]any{"b": 1, "a": 2, "B": 3, "é": 4, "10": 5, "9": 6, "_": 7},
		map[string]any{"l": []any{1, "x", map[string]any{"y": []any{true}}}}, []any{"a b", "c"}, []string{}, []string{""}, []string{"a b", "c"}, []int{}, map[string]string{}, map[string]string{"z": "1", "a": ""}, Values{}, Values{"b": 1, "a": nil}, []byte{}, []byte("hi\x00"), "", "a\nb", []any{"", ""}, true, int64(5), uint8(7), float32(1.5), float32(16777216), float32(1e10), []any{int64(1), uint64(2), float32(0.1), int8(-4), uint16(9)}, []any(nil), []string(nil), []any{[]any(nil)}, []any{[]byte("x")}, []any{[]string{"p"}}, map[string]any{"n": []any(nil), "s": []string(nil)},
	}
	for _, tree := range trees {
		cases = append(cases, texts(map[string]any{"v": tree}, "{{.v}}", "{{print .v}}", "{{printf \"%v\" .v}}", "{{printf \"%+v\" .v}}", "{{printf \"%#v\" .v}}", "{{printf \"%s\" .v}}", "{{printf \"%d\" .v}}", "{{printf \"%q\" .v}}", "{{printf \"%T\" .v}}", "{{println .v .v}}", "{{html .v}}", "{{if .v}}t{{else}}f{{end}}", "{{len .v}}", "{{eq .v .v}}", "{{range .v}}<{{.}}>{{else}}none{{end}}")...)
		cases = append(cases, Case{Text: "{{.}}|{{$}}|{{print .}}", Data: tree})
	}
	return cases
}
