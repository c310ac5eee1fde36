package main

import "fmt"

func literals() []Case {
	cases := []Case{}
	numbers := []string{
		"0", "1", "-1", "+1", "017", "0o17", "0O17", "0b11", "0B11", "0x1F", "0X1f", "08", "09", "0_7", "1_000", "1__0", "_1", "1_", "0x_1", "0x1_", "0b_1", "0b2", "0o8", "0b", "0x", "0o", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616", "0xffffffffffffffff", "0x7fffffffffffffff", "1.0", "1.", ".5", "-.5", "+.5", "1e3", "1E3", "1e+3", "1e-3", "1e", "1e+", "1.5e2", "1e400", "1e-400", "0x1p4", "0x1P-2", "0x1.8p1", "0x.8p1", "0x1.8", "0x1p", "1p4", "1_0.5", "1_.5", "1._5", "1.5_0", "1e1_0", "0x1_0p1", "1i", "0i", "1.5i", "1+2i", "1-2i", "-1+2i", "1e3+2e3i", "1+2", "1+i", "1+2j", "1i+2", "0x10i", "1_0i", "017i", "08i", "0x1p4i", "1+0i", "3.0+0i", "1.2.3", "1a", "1_a", "0xg", "12é", "1..2", "..5", "--1", "+-1", "-", "+", "-a", "1-", "1-2", "1 -2", "1e3.5", "00", "-0", "+0", "-0.0", "0.0", "007", "0.1e1", "1e0", "1234567890123456789012", "1e18", "1e19", "-1e18", "100000000000000000000.0", "0x1e3", "0e0", "0E1", "00.5", "01.5", "09.5", "08e1", "0b1.5", "0o1e1", "0b1e1", "123456789", "1000000", "1e6", "1e20", "1e21",
	}
	for _, n := range numbers {
		cases = append(cases, texts(nil, fmt.Sprintf("{{%s}}", n), fmt.Sprintf("{{printf \"%%T %%v\" %s %s}}", n, n), fmt.Sprintf("{{half %s}}", n), fmt.Sprintf("{{repeat %s \"x\" | len}}", "1"), fmt.Sprintf("{{big %s}}", n), fmt.Sprintf("{{if %s}}t{{else}}f{{end}}", n))...)
	}
	characters := []string{`'a'`, `'é'`, `'☺'`, `'\n'`, `'\''`, `'"'`, `'\"'`, `'\\'`, `'\x41'`, `'\u00e9'`, `'\U0001F600'`, `'\101'`, `'\400'`, `'\z'`, `''`, `'ab'`, `'`, `'a`, `'\`, `'\u12'`, `'\ud800'`, "'\n'", `'\x4'`, `'\8'`, `'\0'`, `'\000'`, `' '`, "'\t'", "'\xff'"}
	for _, c := range characters {
		cases = append(cases, texts(nil, fmt.Sprintf("{{%s}}", c), fmt.Sprintf("{{printf \"%%c %%d %%q\" %s %s %s}}", c, c, c))...)
	}
	strings := []string{`""`, `"a"`, `"\a\b\f\n\r\t\v\\\""`, `"\'"`, `"\x41\x00\xff"`, `"\u00e9\u2028"`, `"\U0001F600"`, `"\101\377"`, `"\400"`, `"\q"`, `"\`, `"`, `"a`, "\"a\nb\"", `"\u12"`, `"\ud800"`, `"\U00110000"`, "``", "`a`", "`a\\n\"'`", "`a\nb`", "`a\r\nb`", "`a", "`", "\"é☺\"", "\"a\xffb\"", "\"a\xff\\n\"", "`a\xffb`", "\"{{\"", "\"}}\"", "`}}`", "\"\\x\"", "\"\\xg0\"", "\"tab\there\""}
	for _, s := range strings {
		cases = append(cases, texts(nil, fmt.Sprintf("{{%s}}", s), fmt.Sprintf("{{printf \"%%q\" %s}}", s), fmt.Sprintf("{{len %s}}", s))...)
	}
	return append(cases, texts(nil, "{{true}}{{false}}", "{{nil}}", "{{print nil}}", "{{True}}", "{{nil | print}}", "{{true | print}}", "{{1 | print}}", "{{print | 1}}", "{{print | \"a\"}}", "{{print | nil}}", "{{print | true}}", "{{print | .}}", "{{print 1 | print | .x}}", "{{1.5.x}}", "{{true.x}}", "{{nil.x}}", "{{\"a\".x}}", "{{'a'.x}}")...)
}

func lexing() []Case {
	return texts(map[string]any{"x": 1, "s": "v"},
		"{", "{{", "}}", "{{}}", "{{ }}", "{{-}}", "{{- }}", "{{ -}}", "{{- -}}", "{ {.x}}", "{{.x}", "{{.x} }", "a{{.x", "a{{.x\n", "{{\n.x\n}}", "{{\t.x\r\n}}", "{{.x}}}}", "{{{.x}}}", "{{.x}}{", "{{{{.x}}}}", "{{.x /* c */}}", "{{/**/}}", "{{/*}}", "{{/* */ .x}}", "{{- /* c */ -}}", "{{-/* c */-}}", "{{/* c */-}}", "{{- /* c */}}", "{{ /* c */ -}}", "{{/* a\n b\n */}}\n{{.q.z}}", "{{/* }} */}}", "{{/* {{ */}}x",
		"a  {{- .x}}", "a\n\n{{- .x -}}\n\nb", "a\u00a0{{- .x -}}\u00a0b", "a\v{{- .x -}}\vb", "a \f{{- .x}}", "{{-.x}}", "{{.x-}}", "{{.x -}}b", "{{.x - }}b", "{{ - .x}}", "{{.x -}} {{- .x}}", "  {{- /* c */ -}}  x", "{{.x\u00a0}}", "{{.x\u2028}}", "{{#}}", "{{#x}}", "{{.x;}}", "{{.x,}}", "{{,}}", "{{.x + 1}}", "{{.x+1}}", "{{@}}", "{{~}}", "{{^}}", "{{&}}", "{{[}}", "{{]}}", "{{<}}", "{{!}}", "{{?}}", "{{\\}}", "{{%}}", "{{*}}", "{{/}}", "{{\x00}}", "{{\x7f}}", "{{\xff}}", "{{é}}", "{{☺}}", "{{.☺}}", "{{.x☺}}", "{{$☺}}", "{{a☺}}", "{{\u200b}}", "{{\ufeff}}",
		"{{.x}}{{", "{{(}}", "{{)}}", "{{()}}", "{{(.x}}", "{{.x)}}", "{{((.x)}}", "{{(.x))}}", "{{(.x)(.x)}}", "{{.x(.s)}}", "{{print(.x)}}", "{{print(.x)(.s)}}", "{{print (.x).s}}", "{{(.x).y.z}}", "{{(.x) .y}}", "{{(.x)y}}", "{{.x|}}", "{{|.x}}", "{{.x||print}}", "{{.x | | print}}", "{{|}}", "{{:}}", "{{:=}}", "{{=}}", "{{.x = 1}}", "{{.x := 1}}", "{{x := 1}}", "{{1 := 1}}", "{{$x:1}}", "{{$x : 1}}", "{{$.}}", "{{$.x.}}", "{{$x.y}}", "{{$1}}", "{{$x$y}}", "{{$x-1}}", "{{.x.y-1}}", "{{print-1}}", "{{print -1}}", "{{print .x-1}}", "{{.1}}", "{{.1x}}", "{{.x1}}", "{{._}}", "{{_}}", "{{._x}}", "{{.X}}",
		"{{\"a\"\"b\"}}", "{{print \"a\"\"b\"}}", "{{print 1\"b\"}}", "{{print .x\"b\"}}", "{{print \"a\".x}}", "{{print 'a''b'}}", "{{.x.}}", "{{.}}.x", "{{. .x}}", "{{.x .x}}", "{{...}}", "{{. | print}}", "{{.|print}}", "{{.x|print|print}}", "{{if.x}}a{{end}}", "{{if .x}}a{{end }}", "{{if .x}}a{{ end}}", "{{if .x}}a{{end x}}", "{{if .x}}a{{else x}}{{end}}", "{{end if}}", "{{ifx .x}}", "{{iff}}", "{{IF .x}}", "{{break}}", "{{.break}}", "{{.if.else.end}}", "{{range.x}}{{end}}",
		"日本語{{.x}}", "日本語{{.q.z}}", "日\n本語{{.q.z}}", "\xff{{.x}}\xfe", "\r\n{{.q.z}}", "\r{{.q.z}}", "a\x00b{{.x}}", "{{.x}}\n{{.s}}\n", "\ufeff{{.x}}", "{{\"\n\"}}", "{{`\n`}}{{.q.z}}", "{{print `a\nb` .q.z}}", "\n\n{{print\n1\n.q.z}}", "{{if .x}}\n\n{{.q.z}}{{end}}",
	)
}

func parsing() []Case {
	cases := texts(map[string]any{"x": 1},
		"{{if .x}}", "{{if .x}}a", "{{if .x}}a{{else}}", "{{if .x}}a{{else}}b{{else}}c{{end}}", "{{if .x}}a{{else if}}b{{end}}", "{{if .x}}a{{else if .x}}b", "{{if .x}}a{{else with .x}}b{{end}}", "{{if .x}}a{{else with .x}}b{{end}}{{end}}", "{{with .x}}a{{else if .x}}b{{end}}", "{{with .x}}a{{else if .x}}b{{end}}{{end}}", "{{range .x}}a{{else if .x}}b{{end}}", "{{range .x}}a{{else range .x}}b{{end}}", "{{if .x}}a{{else range .x}}b{{end}}", "{{if .x}}{{end}}{{end}}", "{{if .x}}{{else}}{{else}}{{end}}", "{{else}}", "{{end}}", "{{else if .x}}", "a{{end}}b",
		"{{range}}", "{{range .x}}", "{{with}}", "{{with .x}}", "{{block}}", "{{block \"a\"}}", "{{block \"a\" .}}", "{{block a .}}{{end}}", "{{block \"a\" .}}x{{else}}y{{end}}", "{{define}}", "{{define \"a\"}}", "{{define \"a\"}}x", "{{define 1}}{{end}}", "{{define \"a\"}}x{{end", "{{template}}", "{{template 1}}", "{{template \"a\" .x .x}}", "{{template \"a\" |}}", "{{template \"a\" undefined}}", "{{template .x}}", "{{template \"a\"\"b\"}}",
		"{{undefined}}", "{{undefined 1}}", "{{.x | undefined}}", "{{print (undefined)}}", "{{$y}}", "{{print $y}}", "{{$y.z}}", "{{if $y}}{{end}}", "{{range $i := .x}}{{end}}{{$i}}", "{{print 1 2 | 3}}", "{{.x | 1}}", "{{.x | \"a\"}}", "{{.x | .}}", "{{.x | nil}}", "{{.x | true}}", "{{.x | 'a'}}", "{{.x | (print)}}", "{{.x | (1)}}", "{{nil}}", "{{nil | print}}", "{{print nil.x}}", "{{print 1.x}}", "{{print true.x}}", "{{print \"a\".b}}", "{{print (1).x}}", "{{print (nil)}}", "{{(nil)}}", "{{print ()}}", "{{print (|)}}", "{{print (1 |)}}", "{{print (1) (2)}}", "{{print (print 1 | print)}}",
		"{{if .x := 1}}{{end}}", "{{if $x := 1}}{{$x}}{{end}}", "{{if $x, $y := 1}}{{end}}", "{{range $x, $y, $z := .x}}{{end}}", "{{range $x, y := .x}}{{end}}", "{{$x, $y := .x}}", "{{$x := $y := 1}}", "{{print ($x, $y := 1)}}", "{{if .x}}\n\n{{else}}\n{{undefined}}{{end}}", "\n\n\n{{undefined}}", "{{/* \n\n */}}{{undefined}}", "{{- \n\n undefined}}", "{{print\n\n\nundefined}}", "{{print `\n\n` undefined}}", "a\n{{if .x}}\nb\n{{range}}", "{{print\n\"a", "{{print\n`a", "{{\n\n/* c */}}", "{{\n\n", "{{ .x\n", "{{ .x\n(", "{{\n.x | \n}}", "{{print\n'a", "{{\n\n#", "{{\n\n.x☺}}", "{{if\n.x}}a{{end", "{{define \"x\"}}\n{{\n", "{{template \"a\"\n", "{{block \"a\" .\n",
		"{{break}}", "{{continue}}", "{{range .x}}{{if .}}{{break}}{{end}}{{end}}", "{{with .x}}{{break}}{{end}}", "{{range 1}}{{block \"b\" .}}{{break}}{{end}}{{end}}", "{{range 1}}{{template \"b\"}}{{end}}{{define \"b\"}}{{continue}}{{end}}", "{{range 1}}{{else}}{{break}}{{end}}", "{{range 1}}{{range 1}}{{else}}{{break}}{{end}}x{{end}}", "{{break}", "{{range 1}}{{break}}{{break}}{{end}}", "{{range 1}}{{break | print}}{{end}}", "{{range 1}}{{print break}}{{end}}",
		"{{\"aaaaaaaaaaaaaaaaaaaa\" := 1}}", "{{print aaaaaaaaaaaaaaaaaaaa}}", "{{if .x}} {{end .aaaaaaaaaaaaaaaaa}}", "{{end aaaaaaaaaaaaaaaaaaaa}}", "{{else \"aaaaaaaaaaaaaaaaaaaa\"}}", "{{template \"a\" . \"bbbbbbbbbbbbbbbbb\"}}", "{{if .x}}{{end}}aaaaaaaaaaaaaaaaaaaaaa{{end}}", "{{define \"ééééééééééééééé\" .}}{{end}}", "{{define .ééééééééééééééé}}{{end}}", "{{else\n}}", "{{end\n1}}",
	)
	deep := ""
	for i := 0; i < 50; i++ {
		deep += "{{if .x}}"
	}
	cases = append(cases, texts(map[string]any{"x": 1}, deep, deep+"x")...)
	closed := deep + "ok"
	for i := 0; i < 50; i++ {
		closed += "{{end}}"
	}
	parens, ends := "", ""
	for i := 0; i < 100; i++ {
		parens += "("
		ends += ")"
	}
	return append(cases, texts(map[string]any{"x": 1}, closed, "{{"+parens+".x"+ends+"}}", "{{"+parens+".x}}", "{{print "+parens+"1"+ends+"}}")...)
}
