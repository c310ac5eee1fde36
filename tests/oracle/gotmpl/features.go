package main

import (
	"fmt"
	"sort"
)

func features() map[string][]Case {
	return map[string][]Case{
		"actions":     actions(),
		"control":     control(),
		"variables":   variables(),
		"definitions": definitions(),
		"calls":       calls(),
		"fields":      fields(),
		"builtins":    builtins(),
		"comparisons": comparisons(),
		"printf":      printf(),
		"printing":    printing(),
		"literals":    literals(),
		"lexing":      lexing(),
		"parsing":     parsing(),
		"missing":     missing(),
	}
}

func keys(m map[string]any) []string {
	out := []string{}
	for key := range m {
		out = append(out, key)
	}
	sort.Strings(out)
	return out
}

func actions() []Case {
	return texts(sampleValues,
		"", "plain", "{{.s}}", "a{{.s}}b", "{{ .s -}}  x", "x  {{- .s }}", "x \n {{- .s -}} \n\t y", "{{- 3 -}}", "{{-3}}", "{{- -3}}",
		"{{3 -}}", "{{3-}}", "{{/* c */}}", "a{{/* c */}}b", "a {{- /* c */ -}} b", "a {{- /* multi\nline */}} b", "{{/* a */}}{{/* b */ -}} x",
		"{{ /* c */ }}", "{{/* c */ }}", "{{/* c}}", "{{/* c */x}}", "{{.}}", "{{$}}", "{{.s | printf \"%s-%s\" \"a\"}}", "{{.s|upper}}",
		"{{ .s | upper | printf \"%q\" }}", "{{true}}", "{{false | not}}", "{{nil}}", "{{ \"a\" }}", "{{ `raw\nline` }}", "{{ 'x' }}",
		"{{ \"\\u00e9\\n\" }}", "{{(.s)}}", "{{((.s))}}", "{{(.s) | upper}}", "{{ (.m).a }}", "{{ (.m).deep.x }}", "{{ (index .l 3).b }}",
		"{{.l}}", "{{.m}}", "{{.nil}}", "{{.nope}}", "{{.el}}", "{{.em}}", "{{.sm}}", "{{.ss}}", "{{.is}}", "{{.b}}", "{{.named}}", "{{.u64}}",
		"{{.f1}} {{.f0}} {{.fneg}} {{.fbig}} {{.f6}} {{.fint}} {{.fsmall}} {{.f32}} {{.inf}} {{.nan}}", "{{.bad}}", "{{.ctl}}", "{{.uni}}",
		"{{.s 1}}", "{{.m.a 1}}", "{{1 2}}", "{{\"a\" 1}}", "{{. 1}}", "{{(1) 2}}", "{{1 | 2}}", "{{.s | .s}}", "{{.s | .m}}", "{{1 | upper}}",
		"{{\"a\" | upper}}", "{{upper \"a\" \"b\"}}", "{{upper}}", "{{.s | upper \"b\"}}", "{{$.s}}", "{{$.m.deep.x}}", "{{.m.deep.x.y}}", "{{.s.x}}",
		"{{.m.n.x}}", "{{.m.zz.x}}", "{{.l.x}}", "{{.ss.x}}", "{{.i.x}}", "{{.t.x}}", "{{.f1.x.y}}", "{{.sm.k}}", "{{.sm.zz}}", "{{.sm.k.z}}", "{{.named.q}}",
		"{{.named.AsMap}}", "{{.named.AsMap.q}}", "{{(.named).AsMap.q}}", "{{.named.AsMap 1}}", "{{typeof .named}}", "{{.b.x}}", "{{nil.x}}", "{{(nil).x}}", "{{1.x}}",
		"{{\"s\".x}}", "{{true.x}}", "{{..x}}", "{{one.x}}", "{{(one).x}}", "{{newdict.k}}", "{{newdict.zz}}", "{{null.x}}", "{{(null).x}}", "{{null}}", "{{(null)}}",
		"{{.i}} {{.neg}} {{.i64}} {{.u8}} {{.i8}} {{.zero}}", "{{ .s }}\n{{ .i }}\r\n{{- .t}}", "\n\n{{.s.x}}", "ab\ncd{{.i.x}}", "é{{.i.x}}", "{{  .i.x  }}",
		"{{.m.deep.x.y.z}}", "\n  {{ .m.deep.x.y }}", "{{ $.m.deep.x.y }}", "{{ (.m).deep.x.y }}", "{{ .m.deep.x.y | upper }}", "{{ upper .m.deep.x.y }}", "{{ upper (.m.n) }}",
	)
}

func control() []Case {
	cases := []Case{}
	for _, key := range keys(sampleValues) {
		cases = append(cases, texts(sampleValues,
			fmt.Sprintf("{{if .%s}}yes{{else}}no{{end}}", key),
			fmt.Sprintf("{{with .%s}}[{{.}}]{{else}}none{{end}}", key),
			fmt.Sprintf("{{range $i, $e := .%s}}{{$i}}={{$e}};{{else}}empty{{end}}", key),
			fmt.Sprintf("{{not .%s}}", key),
			fmt.Sprintf("{{range .%s}}<{{.}}>{{break}}{{else}}empty{{end}}", key),
		)...)
		if key != "i64" && key != "u64" {
			cases = append(cases, texts(sampleValues, fmt.Sprintf("{{range .%s}}<{{.}}>{{else}}empty{{end}}", key))...)
		}
	}
	return append(cases, texts(sampleValues,
		"{{if .t}}a{{end}}", "{{if .f}}a{{end}}", "{{if .f}}a{{else if .t}}b{{else}}c{{end}}", "{{if .f}}a{{else if .f}}b{{else}}c{{end}}",
		"{{if .f}}a{{else if .f}}b{{else if .i}}c{{end}}", "{{if not .f}}x{{end}}", "{{if and .t .i}}x{{end}}", "{{if or .f .zero}}x{{else}}y{{end}}",
		"{{with .s}}{{.}}{{end}}", "{{with .empty}}a{{else with .s}}b{{.}}{{else}}c{{end}}", "{{with .empty}}a{{else with .f}}b{{else}}c{{.i}}{{end}}", "{{with $x := .s}}{{$x}}{{.}}{{end}}",
		"{{with $x := .empty}}a{{else}}[{{$x}}]{{end}}", "{{with .m}}{{.a}}{{$.s}}{{end}}", "{{if $x := .i}}{{$x}}{{end}}", "{{if $x := .zero}}{{else}}[{{$x}}]{{end}}",
		"{{range .l}}{{.}},{{end}}", "{{range .m}}{{.}},{{end}}", "{{range $k, $v := .m}}{{$k}}={{$v}},{{end}}", "{{range $v := .m}}{{$v}},{{end}}", "{{range 3}}{{.}}{{end}}",
		"{{range $i := 3}}{{$i}}{{end}}", "{{range $i, $j := 3}}{{$i}}{{end}}", "{{range 0}}a{{else}}b{{end}}", "{{range -1}}a{{else}}b{{end}}", "{{range .i8}}a{{else}}b{{end}}", "{{range 2}}{{range 2}}x{{end}}y{{end}}",
		"{{range .f1}}a{{end}}", "{{range .s}}a{{end}}", "{{range .t}}a{{end}}", "{{range \"abc\"}}{{.}}{{end}}", "{{range nil}}a{{end}}", "{{range .nope}}a{{else}}b{{end}}", "{{range 1.5}}a{{end}}", "{{range 1+2i}}{{end}}",
		"{{range .l}}{{if .}}{{.}}{{else}}{{break}}{{end}}{{end}}", "{{range .l}}{{continue}}{{.}}{{end}}", "{{range 5}}{{if eq . 3}}{{break}}{{end}}{{.}}{{end}}", "{{range 5}}{{if eq . 3}}{{continue}}{{end}}{{.}}{{end}}",
		"{{range $i, $e := .ss}}{{with $e}}{{if eq . \"x\"}}{{continue}}{{end}}{{end}}{{$i}}{{$e}}{{end}}", "{{range 2}}{{range 3}}{{if eq . 1}}{{break}}{{end}}{{.}}{{end}}|{{end}}", "{{break}}", "{{continue}}", "{{if .t}}{{break}}{{end}}",
		"{{range 2}}{{break 1}}{{end}}", "{{range 2}}{{define \"x\"}}{{break}}{{end}}{{end}}", "{{range .b}}{{.}} {{end}}", "{{range $i, $b := .b}}{{$i}}{{$b}} {{end}}", "{{range .sm}}{{.}}{{end}}", "{{range $k, $v := .sm}}{{$k}}{{$v}}{{end}}",
		"{{range .is}}{{printf \"%T\" .}}{{end}}", "{{range $i, $x := .is}}{{printf \"%T%T\" $i $x}}{{end}}", "{{range .l}}{{printf \"%T \" .}}{{end}}", "{{range .u8}}{{printf \"%T\" .}}{{break}}{{end}}", "{{range .l}}{{.b}}{{end}}", "{{range .named}}{{.}}{{end}}",
		"{{range $i, $e := .ss}}{{if $i}}, {{end}}{{$e}}{{end}}", "{{range .m}}{{.x}}{{end}}", "{{range .ss}}{{.x}}{{end}}", "{{range .m.n}}a{{else}}b{{end}}", "{{range .el}}a{{else}}{{.s}}{{end}}", "{{range $x := .el}}a{{else}}[{{$x}}]{{end}}",
		"{{range $x, $y := .el}}a{{else}}[{{$x}}{{$y}}]{{end}}", "{{range $k, $v := .m}}{{range $k2, $v2 := $.sm}}{{$k}}{{$k2}}{{end}}{{end}}", "{{if}}x{{end}}", "{{with}}x{{end}}", "{{range}}x{{end}}", "{{if .s}}{{end}}", "{{if .i.x}}{{end}}", "{{with .i.x}}{{end}}", "{{range .i.x}}{{end}}",
		"{{if upper .i}}{{end}}", "{{if (eq 1 1.0)}}{{end}}", "{{if eq 1 1.0}}{{end}}", "{{with .l}}{{with index . 3}}{{.b}}{{end}}{{end}}", "{{if .t}}{{if .f}}a{{else}}b{{end}}c{{end}}", "{{range .ss}}{{$.i}}{{end}}",
		"{{if .t -}}  a  {{- else -}} b {{- end -}}  c", "{{range 2 -}}\n x {{ end -}} y", "{{ with .m -}} {{ .a }} {{- end }}",
	)...)
}

func variables() []Case {
	return texts(sampleValues,
		"{{$x := 1}}{{$x}}", "{{$x := 1}}{{$x = 2}}{{$x}}", "{{$x}}", "{{$x = 1}}", "{{$x = 1}}{{$x}}", "{{$x := .s}}{{$x}}{{$x := .i}}{{$x}}", "{{$x := 1}}{{if .t}}{{$x = 2}}{{end}}{{$x}}",
		"{{$x := 1}}{{if .t}}{{$x := 2}}{{$x}}{{end}}{{$x}}", "{{if .t}}{{$x := 2}}{{end}}{{$x}}", "{{if .f}}{{$x := 1}}{{else}}{{$x}}{{end}}", "{{$x := 0}}{{if .f}}{{$x := 1}}{{else}}{{$x}}{{end}}",
		"{{if .f}}{{$x := 1}}{{else}}{{$x = 2}}{{end}}", "{{$x := 1}}{{range .ss}}{{$x = .}}{{end}}{{$x}}", "{{$x := 1}}{{range $x := .ss}}{{$x}}{{end}}{{$x}}", "{{$x := 1}}{{range $x = .ss}}{{$x}}{{end}}{{$x}}",
		"{{$i := 9}}{{$x := 1}}{{range $i, $x = .ss}}{{end}}{{$i}}{{$x}}", "{{$i := 9}}{{range $i, $x = .ss}}{{end}}", "{{range $i, $x := .ss}}{{$i}}{{$x}}{{end}}{{$x}}", "{{$x := $x}}", "{{$x := 1}}{{$x := $x}}{{$x}}", "{{$x := .m}}{{$x.a}}", "{{$x := .m}}{{$x.deep.x}}",
		"{{$x := .m}}{{$x.a.b}}", "{{$x := .i}}{{$x.b}}", "{{$x := nil}}", "{{$x := .nil}}{{$x}}", "{{$x := .nil}}{{$x.y}}", "{{$x := .nope}}{{$x.y}}", "{{$x := .l}}{{index $x 1}}", "{{$x, $y := .l}}", "{{$x $y := 1}}", "{{$x := 1 | printf \"%d\"}}{{$x}}", "{{$x :=}}", "{{$x := }}", "{{$x: = 1}}", "{{$ := 1}}{{$}}",
		"{{$_ := 1}}{{$_}}", "{{$é := 1}}{{$é}}", "{{$x1y := 1}}{{$x1y}}", "{{$x := 1}}{{$x 2}}", "{{$x := 1}}{{2 | $x}}", "{{with $x := 1}}{{$x}}{{end}}{{$x}}", "{{range $x := .ss}}{{$y := $x}}{{$y}}{{end}}{{$y}}", "{{range .ss}}{{$y := .}}{{end}}{{range .ss}}{{$z := .}}{{$z}}{{end}}",
		"{{($x := 1)}}{{$x}}", "{{and .t ($x := 1)}}{{$x}}", "{{and .f ($x := 1)}}{{$x}}", "{{$x := 5}}{{and .f ($x := 1)}}{{$x}}", "{{$x := 5}}{{or .t ($x := 1)}}{{$y := 6}}{{$x}}{{$y}}", "{{or .f ($x := 1)}}{{$y := 6}}{{$x}}{{$y}}", "{{if ($x := .i)}}{{$x}}{{end}}", "{{print ($x := 1) $x}}", "{{print ($x := 1) ($x)}}",
		"{{$x := 1}}{{print ($x = 2) $x}}", "{{define \"d\"}}{{$x}}{{end}}", "{{$x := 1}}{{define \"d\"}}{{$x}}{{end}}", "{{$x := 1}}{{define \"d\"}}[{{$}}]{{end}}{{template \"d\" $x}}", "{{define \"d\"}}{{$x := 1}}{{$x}}{{end}}{{$x := 2}}{{template \"d\"}}{{$x}}", "{{template \"d\" $y := 3}}{{define \"d\"}}{{.}}{{end}}{{$y}}",
		"{{$x := 1}}{{$y := 2}}{{if .t}}{{$z := 3}}{{$x = $z}}{{$y = $x}}{{end}}{{$x}}{{$y}}", "{{range $i, $e := .ss}}{{range $j, $f := $.is}}{{$i}}{{$j}}{{$e}}{{$f}} {{end}}{{end}}", "{{$a := 1}}{{$b := 2}}{{$c := 3}}{{with $d := 4}}{{$e := 5}}{{$a}}{{$b}}{{$c}}{{$d}}{{$e}}{{end}}{{$c}}",
		"{{range $x := 3}}{{if eq $x 1}}{{continue}}{{end}}{{$y := $x}}{{$y}}{{end}}", "{{range $x := 3}}{{$y := $x}}{{if eq $x 1}}{{break}}{{end}}{{end}}{{$q := 7}}{{$q}}", "{{$x := .l}}{{range $x}}{{$x := .}}{{end}}{{len $x}}", "{{$}}", "{{$.s}}", "{{$.s.x}}", "{{range .ss}}{{$.s}}{{end}}", "{{with .m}}{{$.m.a}}{{end}}", "{{ $x:=1 }}{{ $x }}", "{{$x:=.s}}{{$x|upper}}", "{{$x := \"a\"}}{{$x.y}}", "{{$x := upper .s}}{{$x}}",
		"{{$x:= 1 -}} {{- $x}}", "{{range $i,$e:=.ss}}{{$i}}{{end}}", "{{range $i , $e := .ss}}{{$i}}{{end}}", "{{range $i, := .ss}}{{end}}", "{{range $i, 5 := .ss}}{{end}}", "{{range $i, $e, $f := .ss}}{{end}}", "{{if $i, $e := .ss}}{{end}}", "{{range $a, $b}}{{end}}", "{{$x:=1}}{{range $x, $b}}{{end}}", "{{range ($a, $b := .ss)}}{{end}}", "{{range $x := .ss | len}}{{$x}}{{end}}",
	)
}

func definitions() []Case {
	cases := texts(sampleValues,
		"{{define \"a\"}}A{{.}}{{end}}{{template \"a\" .s}}", "{{define \"a\"}}A{{.}}{{end}}{{template \"a\"}}", "{{define `a`}}A{{end}}{{template `a`}}", "{{template \"zz\"}}", "{{template \"zz\" .i.x}}", "{{define \"a\"}}{{.i.x}}{{end}}{{template \"a\" .}}", "\n{{define \"a\"}}\n {{.i.x}}{{end}}\n{{template \"a\" .}}",
		"{{block \"b\" .s}}[{{.}}]{{end}}", "{{define \"b\"}}first{{end}}{{block \"b\" .s}}second{{end}}", "{{block \"b\"}}x{{end}}", "{{block \"b\" .}}{{block \"c\" .i}}{{.}}{{end}}{{end}}", "{{define \"a\"}}{{define \"b\"}}{{end}}{{end}}", "{{define}}x{{end}}", "{{define a}}x{{end}}", "{{define \"a\" .}}x{{end}}", "{{define \"a\"}}x",
		"{{define \"a\"}}x{{else}}y{{end}}", "{{define \"a\"}}1{{end}}{{define \"a\"}}2{{end}}", "{{define \"a\"}} {{end}}{{define \"a\"}}2{{end}}{{template \"a\"}}", "{{define \"a\"}}1{{end}}{{define \"a\"}} {{/* c */}}\n{{end}}{{template \"a\"}}", "{{define \"t\"}}x{{end}}", "{{define \"t\"}}x{{end}}y", "{{define \"t\"}} {{end}}y", "{{template}}", "{{template \"a\" 1 2}}{{define \"a\"}}{{end}}", "{{template a}}",
		"{{template \"a\" 1 | print}}{{define \"a\"}}{{.}}{{end}}", "{{define \"r\"}}{{if .}}x{{template \"r\" (index . \"deep\")}}{{end}}{{end}}{{template \"r\" .m}}", "{{define \"a\"}}{{template \"b\" .}}{{end}}{{define \"b\"}}{{.s.x}}{{end}}{{template \"a\" .}}", "{{define \"a\"}}{{range .ss}}{{template \"b\" .}}{{end}}{{end}}{{define \"b\"}}<{{.}}>{{end}}{{template \"a\" .}}",
		"{{define \"a\"}}{{$}}{{end}}{{range .ss}}{{template \"a\" .}}{{end}}", "{{define \"a\"}}{{return}}{{end}}", "{{if .t}}{{define \"a\"}}x{{end}}{{end}}", "{{end}}", "{{else}}", "{{define \"a%d\"}}{{.i.x}}{{end}}{{template \"a%d\" .}}", "{{define \"\\u00e9\"}}e{{end}}{{template \"é\"}}", "{{template \"a\\q\"}}", "{{define \"a\\q\"}}{{end}}", "{{define \"x\"}}a{{end}} {{define \"y\"}}b{{end}} {{template \"y\"}}{{template \"x\"}}",
		"{{template \"a\" .}}{{define \"a\"}}{{with .m}}{{template \"b\" .deep}}{{end}}{{end}}{{define \"b\"}}{{.x}}{{end}}", "{{template \"a\" nil}}", "{{define \"a\"}}{{.}}{{end}}{{template \"a\" nil}}", "{{define \"a\"}}{{.x}}{{end}}{{template \"a\"}}", "{{define \"a\"}}{{.x}}{{end}}{{template \"a\" .nil}}", "{{define \"a\"}}{{.x}}{{end}}{{template \"a\" .nope}}", "{{block \"b\" .i.x}}{{end}}",
	)
	return append(cases,
		Case{Text: "{{template \"a\" .}}", More: []string{"{{define \"a\"}}one{{end}}", "{{define \"a\"}}two{{end}}"}, Data: "d"},
		Case{Text: "{{template \"a\" .}}", More: []string{"{{define \"a\"}}one{{end}}", "{{define \"a\"}}  {{/* nothing */}} {{end}}"}, Data: "d"},
		Case{Text: "{{template \"a\" .}}", More: []string{"{{define \"a\"}} {{end}}", "{{define \"a\"}}two{{end}}"}, Data: "d"},
		Case{Text: "{{template \"more0\" .}}{{template \"more1\"}}", More: []string{"<{{.}}>", "x"}, Data: "d"},
		Case{Text: "{{template \"more0\" .}}", More: []string{"\n{{.x.y}}"}, Data: "d"},
		Case{Text: "{{template \"a\" .}}", More: []string{"\n{{define \"a\"}}{{template \"b\" .}}{{end}}", "{{define \"b\"}}\n\n {{.x}}{{end}}"}, Data: "d"},
		Case{Name: "chart/templates/a.yaml", Text: "a: {{ .x.y }}", Data: map[string]any{}},
		Case{Name: "chart/templates/a.yaml", Text: "a: {{ .x.y }}", Data: map[string]any{}, Missing: "zero"},
		Case{Name: "a b", Text: "{{ .x.y }}", Data: 1},
		Case{Name: "a b", Text: "{{ if }}", Data: 1},
		Case{Name: "q\"uote", Text: "{{ .x.y }}", Data: 1},
	)
}

func missing() []Case {
	cases := []Case{}
	for _, option := range []string{"default", "zero", "error"} {
		for _, text := range []string{
			"{{.nope}}", "{{.nope.x}}", "{{(.nope).x}}", "{{.m.nope}}", "{{.m.nope.x}}", "{{.m.n}}", "{{.m.n.x}}", "{{(.m.n).x}}", "{{.sm.nope}}", "{{.sm.nope.x}}", "{{.named.nope}}", "{{$x := .nope}}{{$x}}", "{{$x := .nope}}{{$x.y}}", "{{if .nope}}a{{else}}b{{end}}",
			"{{with .nope}}a{{else}}b{{end}}", "{{range .nope}}a{{else}}b{{end}}", "{{upper .nope}}", "{{.nope | upper}}", "{{upper (.nope)}}", "{{id .nope}}", "{{printf \"%v\" .nope}}", "{{printf \"%s\" .nope}}", "{{print .nope}}", "{{.nope | print}}", "{{eq .nope \"a\"}}", "{{eq .nope nil}}", "{{eq .nope .m.n}}", "{{lt .nope 1}}", "{{len .nope}}", "{{index .nope 1}}",
			"{{index .m \"nope\"}}", "{{index .m \"nope\" \"x\"}}", "{{keysof .nope}}", "{{.nope | keysof}}", "{{items .nope}}", "{{half .nope}}", "{{.nope | half}}", "{{flag .nope}}", "{{and .nope 1}}", "{{or .nope 1}}", "{{or .nope .m.n}}", "{{not .nope}}", "{{html .nope}}", "{{.nope | html}}", "{{typeof .nope}}", "{{cat .nope 1}}", "{{join \"-\" .nope}}", "{{.nope | join \"-\"}}", "{{(index .m \"nope\").x}}", "{{(id .m.n).x}}", "{{slice .nope}}", "{{call .nope}}",
		} {
			cases = append(cases, Case{Text: text, Data: sampleValues, Missing: option})
		}
		cases = append(cases, Case{Text: "{{.}}|{{.x}}", Missing: option}, Case{Text: "{{.x.y}}", Missing: option}, Case{Text: "{{$.x}}", Missing: option})
	}
	return cases
}
