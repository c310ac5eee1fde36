// Records what Go's text/template prints, as JSON lines for tests/unit/gotmpl/vectors_test.cpp.
//
//	go run . ../../vectors/gotmpl
package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/template"
	"unicode/utf8"
)

// Values is a named map with a method, as Helm's.
type Values map[string]any

func (v Values) AsMap() map[string]any { return v }

// A Case is one template, or several texts parsed in order, and the data it is executed with.
type Case struct {
	Name    string // of the template, "t" by default
	Text    string
	More    []string // further texts, parsed as more0, more1 ... before Text
	Data    any
	Missing string // missingkey option
}

// Text keeps bytes that are not UTF-8 in hexadecimal.
func encodeText(s string) any {
	if utf8.ValidString(s) {
		return s
	}
	return map[string]string{"x": hex.EncodeToString([]byte(s))}
}

func encodeFloat(f float64) any {
	return map[string]any{"f": strconv.FormatFloat(f, 'g', 17, 64)}
}

func encodeMap(tag string, v map[string]any) any {
	pairs := [][]any{}
	for key, item := range v {
		pairs = append(pairs, []any{encodeText(key), encode(item)})
	}
	return map[string]any{tag: pairs}
}

func encode(v any) any {
	number := func(tag string, n any) any { return map[string]any{tag: fmt.Sprint(n)} }
	switch v := v.(type) {
	case nil, bool:
		return v
	case string:
		return encodeText(v)
	case int:
		return number("i", v)
	case int8:
		return number("i8", v)
	case int16:
		return number("i16", v)
	case int32:
		return number("i32", v)
	case int64:
		return number("i64", v)
	case uint:
		return number("u", v)
	case uint8:
		return number("u8", v)
	case uint16:
		return number("u16", v)
	case uint32:
		return number("u32", v)
	case uint64:
		return number("u64", v)
	case float32:
		return map[string]any{"f32": strconv.FormatFloat(float64(v), 'g', 17, 64)}
	case float64:
		return encodeFloat(v)
	case []byte:
		return map[string]any{"b": hex.EncodeToString(v)}
	case []string:
		if v == nil {
			return map[string]any{"nss": 0}
		}
		return map[string]any{"ss": v}
	case []int:
		return map[string]any{"is": v}
	case []any:
		if v == nil {
			return map[string]any{"nl": 0}
		}
		items := []any{}
		for _, item := range v {
			items = append(items, encode(item))
		}
		return map[string]any{"l": items}
	case map[string]string:
		return map[string]any{"sm": v}
	case Values:
		return encodeMap("named", v)
	case map[string]any:
		return encodeMap("m", v)
	}
	panic(fmt.Sprintf("no encoding for %T", v))
}

// The functions with typed parameters that show how arguments are checked.
var functions = template.FuncMap{
	"upper":   strings.ToUpper,
	"repeat":  func(n int, s string) string { return strings.Repeat(s, n) },
	"cat":     func(v ...any) string { return fmt.Sprint(v...) },
	"join":    func(sep string, v ...string) string { return strings.Join(v, sep) },
	"half":    func(f float64) float64 { return f / 2 },
	"big":     func(i int64) int64 { return i },
	"flag":    func(b bool) bool { return !b },
	"keysof":  func(m map[string]any) int { return len(m) },
	"items":   func(l []any) int { return len(l) },
	"strs":    func(l []string) int { return len(l) },
	"ints":    func(l []int) int { return len(l) },
	"labels":  func(m map[string]string) int { return len(m) },
	"raw":     func(b []byte) int { return len(b) },
	"id":      func(v any) any { return v },
	"null":    func() any { return nil },
	"one":     func() int { return 1 },
	"divide":  func(a, b int) int { return a / b },
	"refuse":  func(s string) (string, error) { return "", fmt.Errorf("refused: %s", s) },
	"typeof":  func(v any) string { return fmt.Sprintf("%T", v) },
	"first":   func(l []any) any { return l[0] },
	"newdict": func() map[string]any { return map[string]any{"k": "v"} },
}

func run(c Case) (out string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	root := template.New("root").Funcs(functions)
	if c.Missing != "" {
		root.Option("missingkey=" + c.Missing)
	}
	for i, text := range c.More {
		if _, err := root.New("more" + strconv.Itoa(i)).Parse(text); err != nil {
			return "", err
		}
	}
	name := c.Name
	if name == "" {
		name = "t"
	}
	if _, err := root.New(name).Parse(c.Text); err != nil {
		return "", err
	}
	var b strings.Builder
	err = root.ExecuteTemplate(&b, name, c.Data)
	return b.String(), err
}

func isSample(v any) bool {
	m, ok := v.(map[string]any)
	return ok && len(m) == len(sampleValues)
}

func record(folder, feature string, cases []Case) int {
	file, err := os.Create(filepath.Join(folder, feature+".jsonl"))
	if err != nil {
		panic(err)
	}
	defer file.Close()
	w := bufio.NewWriter(file)
	defer w.Flush()
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(map[string]any{"sample": encode(sampleValues)}); err != nil {
		panic(err)
	}
	for _, c := range cases {
		line := map[string]any{"t": encodeText(c.Text)}
		if isSample(c.Data) {
			line["s"] = 1 // the first line of the file
		} else if c.Data != nil {
			line["d"] = encode(c.Data)
		}
		if c.Name != "" {
			line["n"] = encodeText(c.Name)
		}
		if len(c.More) > 0 {
			line["m"] = c.More
		}
		if c.Missing != "" {
			line["k"] = c.Missing
		}
		out, err := run(c)
		if err != nil && strings.HasPrefix(err.Error(), "panic: ") {
			panic(fmt.Sprintf("%q: %v", c.Text, err))
		}
		if err != nil {
			line["e"] = encodeText(err.Error())
		} else {
			line["o"] = encodeText(out)
		}
		if err := encoder.Encode(line); err != nil {
			panic(err)
		}
	}
	return len(cases)
}

func texts(data any, lines ...string) []Case {
	cases := []Case{}
	for _, text := range lines {
		cases = append(cases, Case{Text: text, Data: data})
	}
	return cases
}

func main() {
	folder := os.Args[1]
	total := 0
	for feature, cases := range features() {
		total += record(folder, feature, cases)
	}
	fmt.Println(total, "cases")
}

var sampleValues = map[string]any{
	"s": "text", "empty": "", "uni": "héllo ☺ \u2028", "ctl": "a\tb\n\x00\x7f\"'\\`", "bad": "a\xffb",
	"t": true, "f": false, "i": 42, "neg": -7, "zero": 0, "i64": int64(1) << 40, "u8": uint8(200),
	"u64": uint64(math.MaxUint64), "i8": int8(-3), "f1": 1.5, "f0": 0.0, "fneg": -0.25, "fbig": 1e21, "f6": 1000000.0,
	"fint": 3.0, "fsmall": 0.00001, "f32": float32(0.1), "inf": math.Inf(1), "nan": math.NaN(),
	"nil": nil, "l": []any{1.0, "a", nil, map[string]any{"b": 2.0}}, "el": []any{}, "ss": []string{"x", "y"},
	"is": []int{3, 4}, "m": map[string]any{"a": 1.0, "b": "two", "n": nil, "deep": map[string]any{"x": "y"}},
	"em": map[string]any{}, "sm": map[string]string{"k": "v"}, "b": []byte("bytes"), "named": Values{"q": "r"},
}
