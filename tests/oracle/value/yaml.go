package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"math"
	"math/rand"
	"strings"
	"unicode/utf8"

	yaml3 "go.yaml.in/yaml/v3"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"
)

func randomNumber(r *rand.Rand) any {
	switch r.Intn(6) {
	case 0:
		return int64(r.Intn(100)) - 50
	case 1:
		return r.Int63()
	case 2:
		return math.Pow(10, float64(r.Intn(30)-8)) * float64(1+r.Intn(9))
	case 3:
		return float64(r.Intn(1000)) / 8
	case 4:
		return math.Float64frombits(r.Uint64()&^(0x7ff<<52) | uint64(900+r.Intn(250))<<52)
	default:
		return float64(r.Int63())
	}
}

func randomTree(r *rand.Rand, depth int) any {
	k := r.Intn(10)
	if depth <= 0 && k < 5 {
		k += 5
	}
	switch {
	case k < 3:
		m := map[string]any{}
		for n := r.Intn(5); n > 0; n-- {
			m[randomString(r)] = randomTree(r, depth-1)
		}
		return m
	case k < 5:
		l := []any{}
		for n := r.Intn(4); n > 0; n-- {
			l = append(l, randomTree(r, depth-1))
		}
		return l
	case k == 5:
		return randomNumber(r)
	case k == 6:
		return []any{nil, true, false}[r.Intn(3)]
	default:
		return randomString(r)
	}
}

func pretty(v any) (text string, err error) {
	var data bytes.Buffer
	encoder := yaml3.NewEncoder(&data)
	encoder.SetIndent(2)
	if err := encoder.Encode(v); err != nil {
		return "", err
	}
	return data.String(), nil
}

func addTree(s *sink, tree any) {
	text, err := json.Marshal(tree)
	if err != nil {
		log.Fatal(err)
	}
	var again any
	if err := utiljson.Unmarshal(text, &again); err != nil {
		log.Fatal(err)
	}
	r := record{"json": json.RawMessage(text)}
	out, err := yaml.Marshal(again)
	for n := 0; n < 20; n++ {
		// go-yaml's order of keys isn't transitive ("11" < "1a" < "9a" < "11"): there Go's result depends
		// on the random order of the map.
		if other, _ := yaml.Marshal(again); !bytes.Equal(out, other) {
			return
		}
	}
	r["yaml"] = string(out)
	if err != nil {
		r["error"] = err.Error()
	}
	text3, err := pretty(again)
	if err != nil {
		log.Fatal(err)
	}
	if text3 != string(out) {
		r["pretty"] = text3
	}
	s.add(r)
}

func keyOrderTree(r *rand.Rand) any {
	const chars = "ab019_-.\u00e9\u65e5A"
	runes := []rune(chars)
	m := map[string]any{}
	for n := 8; n > 0; n-- {
		var b strings.Builder
		for k := 1 + r.Intn(6); k > 0; k-- {
			b.WriteRune(runes[r.Intn(len(runes))])
		}
		m[b.String()] = int64(n)
	}
	return m
}

func recordToYAML(s *sink) {
	for _, text := range oddStrings {
		addTree(s, map[string]any{"k": text})
		addTree(s, map[string]any{text: []any{text, map[string]any{"m": text}}})
		addTree(s, text)
	}
	for n := 60; n < 100; n++ {
		for _, word := range []string{"x", "'x", "x\u00e9", "\tx"} {
			text := strings.Repeat(word, n/len([]rune(word))) + " yy zz"
			addTree(s, map[string]any{"k": text, "l": []any{text, map[string]any{"a": map[string]any{"b": text}}}})
		}
	}
	for n := 125; n < 132; n++ {
		addTree(s, map[string]any{strings.Repeat("k", n): 1, strings.Repeat("l", n) + " x": []any{1}})
	}
	for _, n := range []int{1020, 1021, 1022, 1023, 1024} {
		addTree(s, map[string]any{strings.Repeat("k", n): 1})
	}
	for _, tree := range []string{`{}`, `[]`, `[[1,2],[3,[4]]]`, `{"c":[{}],"e":[{"x":1,"y":[1]}]}`, `[[]]`, `[{}]`, `[[[]]]`, `[{"a":[]}]`, `[{"a":[1]}]`, `{"a":{"b":{}}}`, `{"a":[[{"b":[1]}]]}`, `null`, `1`, `"a"`, `[null]`} {
		var v any
		if err := utiljson.Unmarshal([]byte(tree), &v); err != nil {
			log.Fatal(err)
		}
		addTree(s, v)
	}
	r := rand.New(rand.NewSource(4))
	for n := 0; n < 250; n++ {
		addTree(s, randomNumber(r))
		addTree(s, keyOrderTree(r))
	}
	for n := 0; n < 1100; n++ {
		addTree(s, map[string]any{"k": randomString(r), randomShort(r): randomString(r)})
	}
	for n := 0; n < 700; n++ {
		addTree(s, randomTree(r, 4))
	}
}

func addYAML(s *sink, text string) {
	r := record{"yaml": text}
	if !utf8.ValidString(text) {
		r = record{"yaml64": []byte(text)}
	}
	var plain, kube any
	err := yaml.Unmarshal([]byte(text), &plain)
	if err != nil {
		r["error"] = err.Error()
		s.add(r)
		return
	}
	data, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		log.Fatal(err)
	}
	if err := utiljson.Unmarshal(data, &kube); err != nil {
		log.Fatal(err)
	}
	asKube, _ := json.Marshal(kube)
	asPlain, _ := json.Marshal(plain)
	r["json"] = json.RawMessage(asKube)
	if !bytes.Equal(asKube, asPlain) {
		r["float64"] = string(asPlain)
	}
	if err := yaml.UnmarshalStrict([]byte(text), &plain); err != nil {
		r["strict"] = err.Error()
	}
	s.add(r)
}

var yamlTexts = []string{
	"", "\n", "# c\n", "---\n", "--- \n...\n", "a", "a: 1", "a: 1\na: 2\n", "a: 1\n---\nb: 2\n", "---\na: 1\n---\nb\n", "{x: y}", "{y: 1, on: x, n: 3}",
	"y: 1\nyes: 2\n1: a\n1.5: b\n010: c\n~: d\n", "null: 1\n", "1.5: b\n", "0x10: c\n", "1e3: a\n", ".inf: x\n", "[a]: b\n", "{{ .Values.x }}\n", "a: {{ .Values.x }}\n", "? [1, 2.5, x, ~, true]\n: 1\n",
	"? {a: {b: [1]}}\n: 1\n", "a: &x {b: 1}\nc: *x\n", "a: &x [1]\nb: *x\nc: [*x, *x]\n", "a: &x\n  b: *x\n", "a: *y\n", "&a a: *a\n", "base: &b {x: 1, y: 2}\nd:\n  x: 0\n  <<: *b\n  y: 3\n",
	"base: &b {x: 1}\nd: {<<: *b}\ne: {<<: [*b, {x: 2, z: 3}]}\n", "d: {<<: 1}\n", "d: {<<: [1]}\n", "d: {\"<<\": {a: 1}}\n", "d: {!!merge <<: {a: 1}}\n", "<<: {a: 1}\nb: 2\n", "- <<\n- a: <<\n",
	"a: !!str 1\n", "a: !!int \"1\"\n", "a: !!float 1\n", "a: !!int x\n", "a: !!bool yes\n", "a: !!null ''\n", "a: !!binary aGVsbG8=\n", "a: !!binary x\n", "a: !foo 1\n", "a: !foo [1]\n", "a: !!set {x, y}\n", "a: !!timestamp 2001-01-01\n", "a: !!timestamp x\n",
	"a: !!map {b: 1}\n", "a: !<tag:yaml.org,2002:str> 1\n", "%TAG ! tag:x,2000:\n---\na: !y 1\n", "%YAML 1.1\n---\na: 1\n", "%YAML 1.2\n---\na: 1\n", "%YAML 2.0\n---\na: 1\n", "%FOO\n---\na\n",
	"a: 08\nb: 0o14\nc: 0b11\nd: 0x1F\ne: 1_000\nf: 1:20\ng: 2001-01-01\nh: .5\ni: 1.\nj: +1\nk: -0\nl: -0.0\nm: 1e3\nn: 1e20\no: 18446744073709551615\np: 9223372036854775808\nq: 1e400\n",
	"a: .nan\n", "a: -.inf\n", "- .inf\n", "a: 'x''y'\n", "a: \"x\\ty\\u00e9\\x41\\U0001F600\\/\\e\\N\\_\\L\\P\\\n  z\"\n", "a: \"\\q\"\n", "a: \"\\ud800\"\n", "a: \"x\n\n  y\"\n", "a: 'x\n\n  y'\n", "a: x\n  y\n\n  z\n",
	"a: |\n  x\n  y\n", "a: |-\n  x\n", "a: |+\n  x\n\n\nb: 1\n", "a: >\n  x\n  y\n\n  z\n    w\n  v\n", "a: >-\n  x\n  y\n", "a: |2\n    x\n   y\n", "a: |0\n  x\n", "a: |\n x\n  y\nb: 1\n", "a: |\n\tx\n", "a: |  # c\n  x\n", "a: |x\n", "- |\n x\n- >\n y\n", "a: |\n", "a: |\n\n\n", "a: |\n  x",
	"a: 1\n b: 2\n", "a: b: c\n", "a:\n\tb: 1\n", "\ta: 1\n", "a: [1\n", "a: {b: 1\n", "a: ]\n", "a: }\n", "[1, 2,]", "[,]", "{a, b: c,}", "{a: 1 b: 2}", "[a b, c: d, ? e : f]", "a: 'x\n", "a: \"x\n", "'a\n", "@a\n", "`a\n", "a: @b\n", "a: %b\n", "%a\n", "a: - b\n", "- a\nb: 1\n", "a\nb: 1\n", "a: 1\n- b\n", "-\n-\n", "- - a\n  - b\n-\n  - c\n", "- a: 1\n  b: 2\n- c\n",
	"?\n", "? a\n", "? a\n: b\n", "? a\n? b\n", ":\n", ": a\n", "a:\n", "a:\nb:\n", "a :\n", "a:b\n", "a:b: c\n", "a#b: c # d\n", "a: #b\n", "a: b #c\n", "a: b#c\n", "\"a\":b\n", "{\"a\":b}", "{a:b}", "{a: , b: }", "[a: 1]", "[a, [b]]", "a: [\n1,\n2\n]\n", "a: [\n]\n", "a: &x\nb: *x\n", "a: &x 1\nb: &x 2\nc: *x\n", "*a", "&a", "&a *b", "!!str", "! a", "! 12", "!", "a: !!str\nb: 1\n", "&x !!str a", "!!str &x a",
	"---\n---\n", "--- a\n", "--- |\n x\n", "---a\n", "a\n---\nb\n", "a\n...\nb\n", "...\n", "a: ---\n", "a\n--- b\n", "\xef\xbb\xbfa: 1\n", "a: \x01\n", "a: \x7f\n", "a: \xff\n", "a: \xc3\n", "a: \u0085b\n", "a: b\u0085c: d\n", "a: \"b\u2028c\"\n", "a: b\u2028c: d\n", "a\x00b", "a: \ufeffb\n", "a: \U0001F600\n", "a\r\nb\r\n", "a: 1\r\nb: 2\r\n", "a: 1\rb: 2\r", "a: |\r\n  x\r\n  y\r\n",
	"a:   \n  b\n", "a: \n\n\n  - 1\n", "a:\n- 1\n- 2\n", "a:\n- 1\n-2\n", "a: x y\n", "a: x\ty\n", "a:\tx\n", "a: x\t# c\n", "-\ta\n", "- \ta\n", "?\ta\n", "{a:\tb}", "a: \"x\ty\"\n", "a: 'x\t\n\ty'\n", "# c\n  # d\na: 1\n# e\n", "a: 1 # c\n  # d\nb: 2\n", "a: [1, # c\n 2]\n", "a: [#c\n1]\n", "a: '#'\n", "- #c\n- b\n", "a,b: c\n", "[a, b]: c\n", "{a: 1}: 2\n", "{a: 1}: 2\nb: [1]\n",
	"a: 'b': c\n", "a: 'b' c\n", "a: \"b\" c\n", "'a' b: c\n", "a: [b] c\n", "a: {b: c} d\n", "- a\n - b\n", "- a\n  - b\n", "a:\n  b: 1\n c: 2\n", "a:\n    b: 1\n  c: 2\n", "  a: 1\nb: 2\n", " a\n", "a:\n- b:\n  - c\n  d: 1\n", "a: {b: [c, {d: e}], f: 'g'}\n", "a: http://x:80/y\n", "a: x:y\n", "a: -\n", "a: -b\n", "a: ?b\n", "a: ? b\n", "a: :b\n", "a: : b\n", "[-]", "[-a]", "[- a]", "[?a]", "[? a]", "[a?b]", "[:a]", "[: a]", "{:a: b}", "{a::b}", "[a:b]", "[a:]", "[a: ]", "{a: b:c}", "{a#b: c}", "[a,b]", "[a ,b]", "[\"a\",'b']", "{\"a\":1,'b':2}", "{a: 1, a: 2}", "a: {b: 1, b: 2}\nc: [{d: 1, d: 1}]\n",
	strings.Repeat("[", 60) + strings.Repeat("]", 60), strings.Repeat("k", 1030) + ": 1\n", "{" + strings.Repeat("k", 1030) + ": 1}", "\"" + strings.Repeat("k", 1030) + "\": 1\n", "? " + strings.Repeat("k", 1030) + "\n: 1\n",
	"a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n",
	"a: 1\n# c\n\n\n", "a: 1\n  \n\t\n", "a: 1\n\t\nb: 2\n", "{a: 1}\n}\n", "[1] x\n", "a: 1 b: 2\n", "key: [a, b\nc: d\n", "a: \"b\nc: d\n", "a:\n  - b\n  c: d\n", "- [a\n- b]\n", "a: 1\n...\n---\nb\n", "%YAML 1.1\n%YAML 1.1\n---\na\n", "a: b\n%c: d\n", "a: 'it's'\n", "x: -1\ny: - 1\n", "a: |-2\n   x\n", "a: |2-\n   x\n", "a: >+\n\n\n  x\n\n", "a: >\n\n  x\n", "a: >\n   x\n  y\n", "- ? a\n  : b\n", "? |\n  a\n: 1\n", "? - a\n: - b\n", "a: \"\\\n  b\"\n", "a: \"b \\\n  c\"\n", "a: \"b\n  \\ c\"\n", "a: b\n  c: d\n",
}

var yamlPieces = strings.Split("a|b: |c:\n|- |  |\n|\n  |\n    |: |'x'|\"y\"|[|]|{|}|, |#|# c\n|&x |*x|!!str |!t |? |1|0x1|~|yes|<<: |---\n|...\n|x y|\t|\\|%|@|-|:|,|'|\"|\n- |\nk: |>\n  t\n|1.5", "|")

// Valid blocks whose lines get mutated.
var yamlBlocks = []string{
	"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  labels: {a: b, \"c\": d}\ndata:\n  k: |\n    line 1\n      line 2\n\n    line 3\n  j: 'single ''quoted'''\n",
	"spec:\n  containers:\n  - name: a\n    image: nginx:1.2\n    args: [\"-v\", --x=1, 'y']\n    ports:\n    - containerPort: 80\n      protocol: TCP\n  - name: b\n    env:\n      - {name: A, value: \"1\"}\n",
	"x: &anchor\n  a: 1\n  b: [1, 2]\ny:\n  <<: *anchor\n  c: >-\n    folded\n    text\n\n    more\nz: *anchor\n",
}

func mutate(r *rand.Rand, text string) string {
	b := []byte(text)
	for n := 1 + r.Intn(3); n > 0; n-- {
		at := r.Intn(len(b))
		switch r.Intn(4) {
		case 0:
			b = append(b[:at], b[at+1:]...)
		case 1:
			piece := yamlPieces[r.Intn(len(yamlPieces))]
			b = append(b[:at], append([]byte(piece), b[at:]...)...)
		case 2:
			b[at] = alphabet[r.Intn(len(alphabet))]
		default:
			end := at + r.Intn(len(b)-at)
			if end > at+12 {
				end = at + 12
			}
			b = append(b[:at], b[end:]...)
		}
	}
	return string(b)
}

func recordFromYAML(s *sink) {
	for _, text := range yamlTexts {
		addYAML(s, text)
	}
	for _, text := range oddStrings {
		addYAML(s, "k: "+text+"\n")
		addYAML(s, "- "+text)
		if !strings.Contains(text, "\n") {
			addYAML(s, text+": v\n")
		}
	}
	r := rand.New(rand.NewSource(7))
	for n := 0; n < 500; n++ {
		addYAML(s, fmt.Sprintf("k: %s\n", randomNumberText(r)))
	}
	for n := 0; n < 1500; n++ {
		var b strings.Builder
		for k := 1 + r.Intn(9); k > 0; k-- {
			b.WriteString(yamlPieces[r.Intn(len(yamlPieces))])
		}
		addYAML(s, b.String())
	}
	for n := 0; n < 900; n++ {
		addYAML(s, mutate(r, yamlBlocks[r.Intn(len(yamlBlocks))]))
	}
	for n := 0; n < 300; n++ {
		out, err := pretty(randomTree(r, 3))
		if err != nil {
			log.Fatal(err)
		}
		addYAML(s, out)
	}
}
