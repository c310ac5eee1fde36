package main

import (
	"fmt"
	"math/rand"
	"strconv"
	"strings"
)

// name, then a letter an argument: s string, i integer, f number, l list, d dict, b bool, a anything, v a version; after
// the colon what it gives. No function that asks a clock, a random source or a network.
var functionRows = strings.Fields(`upper s:s lower s:s title s:s untitle s:s trim s:s trimAll ss:s trimSuffix ss:s trimPrefix ss:s nospace s:s
 initials s:s substr iis:s trunc is:s abbrev is:s abbrevboth iis:s repeat is:s replace sss:s plural ssi:s snakecase s:s camelcase s:s
 kebabcase s:s swapcase s:s wrap is:s wrapWith iss:s contains ss:b hasPrefix ss:b hasSuffix ss:b quote a:s squote a:s cat aa:s indent is:s nindent is:s
 splitList ss:l split ss:d splitn sis:d join sl:s sortAlpha l:l toString a:s toStrings l:l toDecimal s:i
 b64enc s:s b64dec s:s b32enc s:s b32dec s:s sha256sum s:s sha1sum s:s adler32sum s:s
 atoi s:i int a:i int64 a:i float64 a:f add ii:i sub ii:i mul ii:i div ii:i mod ii:i add1 i:i max ii:i min ii:i floor f:f ceil f:f round fi:f
 addf ff:f subf ff:f mulf ff:f divf ff:f add1f f:f maxf ff:f minf ff:f until i:l untilStep iii:l seq i:s
 list aa:l list aaa:l first l:a last l:a rest l:l initial l:l reverse l:l uniq l:l compact l:l without la:l has al:b append la:l prepend la:l concat ll:l slice lii:l chunk il:l
 mustFirst l:a mustRest l:l mustAppend la:l mustHas al:b mustUniq l:l
 dict sa:d dict sasa:d get ds:a set dsa:d unset ds:d hasKey ds:b merge dd:d mergeOverwrite dd:d mustMerge dd:d omit ds:d pick ds:d dig ssad:a deepCopy a:a deepEqual aa:b
 default aa:a empty a:b coalesce aa:a ternary aab:a all aa:b any aa:b not a:b and aa:a or aa:a eq aa:b ne aa:b lt ii:b le ss:b gt ff:b ge ii:b eq ss:b eq ii:b
 kindOf a:s typeOf a:s kindIs sa:b typeIs sa:b typeIsLike sa:b toJson a:s toPrettyJson a:s toRawJson a:s fromJson s:d fromJsonArray s:l mustToJson a:s
 toYaml a:s fromYaml s:d fromYamlArray s:l toYamlPretty a:s toToml d:s fromToml s:d
 regexMatch ss:b regexFind ss:s regexFindAll ssi:l regexReplaceAll sss:s regexReplaceAllLiteral sss:s regexSplit ssi:l regexQuoteMeta s:s mustRegexMatch ss:b
 semver v:a semverCompare sv:b base s:s dir s:s ext s:s clean s:s isAbs s:b osBase s:s urlParse s:d urlquery a:s html a:s js a:s
 len a:i index la:a index da:a print aa:s println a:s printf sa:s printf saa:s tuple aa:l durationRound a:s duration s:s
 required sa:a tpl sd:s include sd:s trimall ss:s lookup ssss:d`)

type row struct{ name, arguments, gives string }

var rowsGiving = map[byte][]row{}

func init() {
	for i := 0; i < len(functionRows); i += 2 {
		arguments, gives, _ := strings.Cut(functionRows[i+1], ":")
		one := row{functionRows[i], arguments, gives}
		rowsGiving[gives[0]] = append(rowsGiving[gives[0]], one)
		rowsGiving['a'] = append(rowsGiving['a'], one)
	}
}

var patterns = []string{"a", "^a", "[a-z]+", "(a)(b)?", "x*", "\\d+", ".", "(?i)A", "b$", "[", "a|b", "\\b", "(?P<n>a)"}
var formats = []string{"%s", "%v", "%d", "%q", "%T", "%5.2f", "%+v", "%#v", "%x", "%X", "%e", "%g", "%t", "%c", "%U", "%05d", "%-5s|", "%%", "%!", "%s %d",
	"%[2]v", "%*d", "%6.3q", "%#x", "%b", "%o", "%O", "% d", "%+q", "%.2s", "%v %v %v"}
var versions = []string{"1.2.3", "v1.2", "1.2.3-rc.1", "1", "01.2", "1.2.3+b", ""}
var constraints = []string{">=1.2", "~1.2", "^1", "1.x", "<2 >1", "1.2 - 1.4", "*", "=1.2.3", "!=1", ">1.2.3-0", "x y"}

type generator struct {
	r         *rand.Rand
	variables []string
	loops     int
	parts     []string
}

func (g *generator) literal(kind byte) string {
	r := g.r
	switch kind {
	case 's':
		return pick(r, strconv.Quote(randomString(r)), "\""+pick(r, "a", "b", "key", "x y")+"\"", "`raw`", strconv.Quote(pick(r, patterns...)), strconv.Quote(pick(r, formats...)),
			strconv.Quote(pick(r, constraints...)), ".Values.s", ".Values.s", ".Release.Name", "\"p1\"", "\"{{ . }}\"")
	case 'i':
		return pick(r, strconv.Itoa(r.Intn(12)-3), "0", "1", "2", ".Values.i", "0x1F", "'a'", "1_000")
	case 'f':
		return pick(r, "1.5", "-0.25", ".Values.f", "3", "1e3", ".Values.i")
	case 'l':
		return pick(r, ".Values.l", ".Values.l", "(list 1 2 3)", "(list \"a\" \"b\" \"a\")", "(list)", ".Values.m.l", "(until 3)", "(list nil 1 \"\")")
	case 'd':
		return pick(r, ".Values.m", ".Values.m", "(dict \"a\" 1)", "(dict)", ".Values", "(dict \"a\" (dict \"b\" 2))")
	case 'b':
		return pick(r, "true", "false", ".Values.t")
	case 'v':
		return strconv.Quote(pick(r, versions...))
	}
	if len(g.variables) > 0 && r.Intn(3) == 0 {
		return pick(r, g.variables...)
	}
	return pick(r, ".Values.n", ".Values.missing", ".Values.m.missing", "$.Values.r", ".Values.m", ".Values.l", ".Values.s", ".Values.i", ".Values.f", "nil", "true",
		".Values.r", ".Values.r", ".Values.m.a", ".Values.missing.x", "$.Values.s", g.literal(pick(r, byte('s'), 'i', 'f', 'l', 'd', 'b')))
}

func (g *generator) expression(kind byte, depth int) string {
	r := g.r
	if r.Intn(25) == 0 {
		kind = pick(r, byte('s'), 'i', 'f', 'l', 'd', 'b', 'a') // of a wrong type
	}
	rows := rowsGiving[kind]
	if depth <= 0 || len(rows) == 0 || r.Intn(3) == 0 {
		return g.literal(kind)
	}
	one := pick(r, rows...)
	arguments := make([]string, 0, len(one.arguments))
	for i := range one.arguments {
		arguments = append(arguments, g.expression(one.arguments[i], depth-1))
	}
	if strings.HasPrefix(one.name, "regex") || strings.HasPrefix(one.name, "mustRegex") {
		arguments[0] = strconv.Quote(pick(r, patterns...))
	}
	if one.name == "set" || strings.Contains(strings.ToLower(one.name), "merge") {
		arguments[0] = pick(r, `(dict "a" 1)`, `(dict "b" (dict "a" 1))`) // else trees that hold themselves
	}
	if one.name == "printf" {
		arguments[0] = strconv.Quote(pick(r, formats...) + pick(r, "", pick(r, formats...)))
	}
	if one.name == "include" {
		arguments[0] = pick(r, `"p1"`, `"p2"`, `"none"`)
	}
	if one.name == "repeat" || one.name == "until" || one.name == "untilStep" || one.name == "seq" || strings.Contains(one.name, "indent") {
		arguments[0] = strconv.Itoa(r.Intn(9) - 1)
		if one.name == "untilStep" {
			arguments[1], arguments[2] = strconv.Itoa(r.Intn(9)), pick(r, "1", "2", "3")
		}
	}
	if r.Intn(4) == 0 && len(arguments) > 0 {
		last := len(arguments) - 1
		return strings.TrimSpace(fmt.Sprintf("(%s | %s %s)", arguments[last], one.name, strings.Join(arguments[:last], " ")))
	}
	return "(" + one.name + " " + strings.Join(arguments, " ") + ")"
}

func (g *generator) action(inside string) string {
	return pick(g.r, "{{ ", "{{ ", "{{", "{{- ") + inside + pick(g.r, " }}", " }}", "}}", " -}}")
}

func (g *generator) block(depth int) string {
	var out strings.Builder
	scope := len(g.variables)
	for n := 1 + g.r.Intn(3); n > 0; n-- {
		out.WriteString(g.node(depth))
		out.WriteString(pick(g.r, "", "\n", " ", "text ", "\n  ", "- "))
	}
	g.variables = g.variables[:scope]
	return out.String()
}

func (g *generator) node(depth int) string {
	r := g.r
	if depth <= 0 {
		return g.action(g.expression('a', 3))
	}
	otherwise := func() string {
		switch r.Intn(4) {
		case 0:
			return g.action("else") + g.block(depth-1)
		case 1:
			return g.action("else "+pick(r, "if", "if", "with")+" "+g.expression('a', 1)) + g.block(depth-1)
		}
		return ""
	}
	switch r.Intn(12) {
	case 0:
		return g.action("if "+g.expression(pick(r, byte('b'), 'a'), 2)) + g.block(depth-1) + otherwise() + g.action("end")
	case 1:
		return g.action("with "+g.expression('a', 2)) + g.block(depth-1) + otherwise() + g.action("end")
	case 2, 3:
		name := fmt.Sprintf("$v%d", len(g.variables))
		head := "range " + pick(r, "", name+" := ", "$k, "+name+" := ") + g.expression(pick(r, byte('l'), 'd', 'i'), 2)
		if strings.Contains(head, name) {
			g.variables = append(g.variables, name)
		}
		g.loops++
		body := g.block(depth - 1)
		g.loops--
		out := g.action(head) + body + otherwise() + g.action("end")
		if strings.Contains(head, name) {
			g.variables = g.variables[:len(g.variables)-1]
		}
		return out
	case 4:
		name := fmt.Sprintf("$v%d", len(g.variables))
		text := g.action(name + " := " + g.expression('a', 2))
		g.variables = append(g.variables, name)
		return text
	case 5:
		if len(g.variables) > 0 {
			return g.action(pick(r, g.variables...) + " = " + g.expression('a', 2))
		}
	case 6:
		if g.loops > 0 {
			return g.action("if "+g.expression('b', 1)) + g.action(pick(r, "break", "continue")) + g.action("end")
		}
	case 7:
		return g.action("template " + pick(r, `"p1"`, `"p2"`) + " " + g.expression('a', 1))
	case 8:
		return g.action("/* c */")
	}
	return g.action(g.expression('a', 3))
}

const partials = `{{ define "p1" }}[{{ . }}]{{ end }}{{ define "p2" -}} {{ with . }}{{ toYaml . }}{{ else }}nothing{{ end }} {{- end }}`

func randomTemplate(r *rand.Rand) request {
	g := &generator{r: r}
	values := map[string]any{"s": randomString(r), "i": r.Intn(10), "f": randomNumber(r), "t": r.Intn(2) == 0, "n": nil, "l": randomTree(r, 0),
		"m": map[string]any{"a": randomTree(r, 1), "l": []any{randomTree(r, 1), "b"}}, "r": randomTree(r, 2)}
	list := []any{}
	for n := r.Intn(4); n > 0; n-- {
		list = append(list, randomTree(r, 1))
	}
	values["l"] = list
	text := g.block(3)
	if r.Intn(8) == 0 {
		text = spoil(r, text, "{{", "}}", "(", ")", "|", ".", "$", ":=", "=", "\"", "`", "'", " ", "{{end}}", "-", "/*", ",", "0x", "1e", "é")
	}
	return request{Text: text, Partials: partials, Data: jsonText(values)}
}
