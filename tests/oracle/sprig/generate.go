package main

import (
	"hash/fnv"
	"reflect"
	"sort"
	"strings"
)

// Functions whose answers nobody can repeat, or whose time is too long: only hand-written vectors.
var unrepeatable = map[string]bool{
	"randAlpha": true, "randAlphaNum": true, "randAscii": true, "randNumeric": true, "randBytes": true,
	"randInt": true, "shuffle": true, "uuidv4": true, "bcrypt": true, "htpasswd": true, "now": true,
	"genPrivateKey": true, "genCA": true, "genCAWithKey": true, "genSelfSignedCert": true,
	"genSelfSignedCertWithKey": true, "genSignedCert": true, "genSignedCertWithKey": true,
	"encryptAES": true, "derivePassword": true, "ago": true, "buildCustomCert": true,
}

// Order of a map with several keys, or the present time, is in these answers: what may go in is limited.
var avoid = map[string][]string{
	"keys": {".m", "dict \"a\""}, "values": {".m", "dict \"a\""},
	"repeat": {"1000000"}, "untilStep": {"1000000"}, "until": {"1000000"}, "indent": {"1000000"},
	"nindent": {"1000000"}, "seq": {"1000000"},
	// A nil map is told from an empty one by toJson alone; no chart can get hold of one.
	"merge": {"merge nil"}, "mustMerge": {"mustMerge nil"}, "mergeOverwrite": {"mergeOverwrite nil"},
	"mustMergeOverwrite": {"mustMergeOverwrite nil"}, "unset": {"unset nil"},
}

var anyPool = []string{
	".nope", "nil", `""`, `"abc"`, "0", "5", "-3", "1.5", "true", "false", "(list)", `(list 1 "a" nil 2.5)`,
	"(dict)", `(dict "a" 1 "b" (list 1))`, ".f", ".i", ".neg", ".l", ".mixed", ".m", ".el", ".em", "(int64 7)",
	`(splitList "," "a,b,a")`, "(until 3)", `"12"`, `"0x1f"`, `"010"`, `"1.5"`, `"abc日本"`, ".mil", ".one", ".dup",
	`(split "," "x,y")`, `("//4=" | b64dec)`, `(chunk 2 .l)`, `(rest (list))`, `"1e3"`, `"9223372036854775808"`, ".huge",
}

var stringPool = []string{
	`"abc"`, `""`, `"hello world"`, `"  pad\t\n"`, ".uni", `"a,b,,c"`, `"//4=" | b64dec`, ".nope", ".i", `"Foo_Bar-baz"`,
	`"a\nb\nc"`, `","`, `"b"`, `"1.2.3"`, `"日"`, `"HTTP20xOK"`, "nil", `"/a/b/../c.tar.gz"`, `"[a-z]+"`, ".n", `"2006-01-02"`,
	`"true"`, `"{\"a\":[1,2.5,null]}"`, `"k: [1, x]"`, `"%d"`, `"YWJj"`, `"~1.2"`, `"http://u:p@h:1/p?q=1#f"`,
}

var intPool = []string{"0", "1", "3", "-1", "100", "-100", ".i", `"2"`, "(int .f)", "2.0", "nil", "1000000", "(int64 3)"}
var boolPool = []string{"true", "false", ".b", ".nope", "1", `"true"`, "nil", "(eq 1 1)"}
var floatPool = []string{".5", "0.1", ".f", "1", `"1"`, "nil"}
var mapPool = []string{".one", ".m", ".em", "(dict)", `(dict "a" 1 "b" (dict "c" 2))`, ".nope", "nil", ".l", `(split "," "a")`, `"m"`, `(dict "a" 5)`}
var listPool = []string{`(list "a" "b")`, "(list)", "nil", ".l", `(splitList "," "a,b")`, ".nope", `"x"`}

func pool(t reflect.Type) []string {
	switch t.Kind() {
	case reflect.String:
		return stringPool
	case reflect.Int, reflect.Int64, reflect.Uint32:
		return intPool
	case reflect.Bool:
		return boolPool
	case reflect.Float64:
		return floatPool
	case reflect.Map:
		return mapPool
	case reflect.Slice:
		return listPool
	case reflect.Interface:
		return anyPool
	}
	return []string{"(toDate \"2006-01-02\" \"2020-02-29\")", "1", ".nope", "nil", `"x"`}
}

func paren(argument string) string {
	if strings.Contains(argument, " ") && argument[0] != '(' && argument[0] != '"' || strings.Contains(argument, " | ") && argument[0] != '(' {
		return "(" + argument + ")"
	}
	return argument
}

func tooMuch(name, call string) bool {
	for _, word := range avoid[name] {
		if strings.Contains(call, word) {
			return true
		}
	}
	return false
}

// Picks from the cross product of the pools, the same ones at every run.
func pick(name string, pools [][]string, want int) []string {
	size := 1
	for _, p := range pools {
		size *= len(p)
	}
	stride := 1
	if size > want {
		h := fnv.New32a()
		h.Write([]byte(name))
		stride = size/want | 1
		for gcd(stride, size) != 1 {
			stride += 2
		}
	} else {
		want = size
	}
	var calls []string
	for n, at := 0, 0; n < want; n, at = n+1, (at+stride)%size {
		rest := at
		words := []string{name}
		for _, p := range pools {
			words = append(words, paren(p[rest%len(p)]))
			rest /= len(p)
		}
		calls = append(calls, strings.Join(words, " "))
	}
	return calls
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func generated(add func(string, vector)) {
	table := functions()
	var names []string
	for name := range table {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if unrepeatable[name] {
			continue
		}
		t := reflect.TypeOf(table[name])
		var fixed [][]string
		for i := range t.NumIn() {
			if t.IsVariadic() && i == t.NumIn()-1 {
				break
			}
			fixed = append(fixed, pool(t.In(i)))
		}
		var calls []string
		if t.NumIn() == 0 {
			calls = []string{name}
		}
		if len(fixed) == 1 {
			calls = append(calls, pick(name, fixed, len(fixed[0]))...)
		} else if len(fixed) > 1 {
			calls = append(calls, pick(name, fixed, 41)...)
		}
		if t.IsVariadic() {
			more := pool(t.In(t.NumIn() - 1).Elem())
			calls = append(calls, pick(name, append(fixed, more), 37)...)
			calls = append(calls, pick(name, append(fixed, more, more), 29)...)
		}
		calls = append(calls, name) // wrong number of arguments
		for _, call := range calls {
			if !tooMuch(name, call) {
				add("generated", vector{Function: name, Call: call})
			}
		}
	}
}
