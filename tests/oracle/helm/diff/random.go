package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand"
	"strconv"
	"strings"
)

func pick[T any](r *rand.Rand, from ...T) T { return from[r.Intn(len(from))] }

var words = []string{"a", "b", "key", "name", "x-y", "Hello World", "", " ", "true", "null", "1", "1.5", "-0", "0x1F", "1e3", "2001-01-01",
	"a: b", "- a", "#c", "{a}", "[b]", "&x", "*x", "!t", "|", ">", "'", "\"", "a'b\"c", "\\", "\n", "a\nb\n", "\ta", "é", "日本", "😀", "yes", "No", "~",
	"%", "@", "`", "a,b", "a/b/c", "10Mi", "0777", "12:30:45", "<no value>", "a  b", "trailing ", ".5", "1_000", "Infinity", ".inf", "\u2028", "\x7f", "=", "<<",
	"quite a long line of many words that has to be folded somewhere after eighty columns by the emitter, they say"}

func randomString(r *rand.Rand) string {
	if r.Intn(4) > 0 {
		return pick(r, words...)
	}
	var out strings.Builder
	for n := r.Intn(6); n > 0; n-- {
		out.WriteString(pick(r, words...))
	}
	return out.String()
}

func randomNumber(r *rand.Rand) float64 {
	switch r.Intn(5) {
	case 0:
		return float64(r.Intn(20) - 5)
	case 1:
		return float64(r.Intn(1000)) / 8
	case 2:
		return math.Pow(10, float64(r.Intn(40)-12)) * float64(1+r.Intn(9))
	case 3:
		return float64(r.Int63())
	default:
		return pick(r, 0, 1, -1, 0.1, 1e6, 1e20, 1e21, 1e-7, 123456789, 9007199254740993, 1.7976931348623157e308, 5e-324)
	}
}

func randomTree(r *rand.Rand, depth int) any {
	k := r.Intn(10)
	if depth <= 0 {
		k = 4 + r.Intn(6)
	}
	switch {
	case k < 2:
		m := map[string]any{}
		for n := r.Intn(4); n > 0; n-- {
			m[randomString(r)] = randomTree(r, depth-1)
		}
		return m
	case k < 4:
		l := []any{}
		for n := r.Intn(4); n > 0; n-- {
			l = append(l, randomTree(r, depth-1))
		}
		return l
	case k < 6:
		return randomNumber(r)
	case k == 6:
		return pick[any](r, nil, true, false)
	default:
		return randomString(r)
	}
}

func jsonText(value any) string { return string(must(json.Marshal(value))) }

// A text with a few bytes changed, as a wrong hand would.
func spoil(r *rand.Rand, text string, with ...string) string {
	for n := r.Intn(3); n > 0; n-- {
		at := r.Intn(len(text) + 1)
		switch r.Intn(3) {
		case 0:
			text = text[:at] + pick(r, with...) + text[at:]
		case 1:
			end := min(len(text), at+1+r.Intn(4))
			text = text[:at] + text[end:]
		default:
			end := min(len(text), at+1+r.Intn(12))
			text = text[:end] + text[at:]
		}
	}
	return strings.ToValidUTF8(text, "?")
}

func randomToYAML(r *rand.Rand) request { return request{Text: jsonText(randomTree(r, 4))} }

func randomJSON(r *rand.Rand) request {
	return request{Text: spoil(r, jsonText(randomTree(r, 4)), ",", "{", "}", "]", "[", ":", "\"", "\\", "\\u12", "-", "0", "e", ".", "\n", "nul")}
}

// YAML in mixed styles, then maybe spoilt.
func writeYAML(r *rand.Rand, out *strings.Builder, tree any, indent string, inline bool) {
	newline := "\n" + indent
	switch value := tree.(type) {
	case map[string]any:
		if len(value) == 0 || r.Intn(5) == 0 {
			writeFlow(r, out, tree)
			return
		}
		first := inline
		for key, item := range value {
			if !first {
				out.WriteString(newline)
			}
			first = false
			writeScalar(r, out, key, indent, false)
			out.WriteString(pick(r, ":", ":", ": ", " : "))
			if _, ok := item.(map[string]any); !ok {
				out.WriteString(" ")
			}
			writeYAML(r, out, item, indent+pick(r, " ", "  ", "    "), false)
		}
	case []any:
		if len(value) == 0 || r.Intn(5) == 0 {
			writeFlow(r, out, tree)
			return
		}
		for _, item := range value {
			out.WriteString(newline + "- ")
			writeYAML(r, out, item, indent+"  ", true)
		}
	default:
		writeScalar(r, out, tree, indent, true)
	}
}

func writeFlow(r *rand.Rand, out *strings.Builder, tree any) {
	switch value := tree.(type) {
	case map[string]any:
		out.WriteString("{")
		for key, item := range value {
			writeScalar(r, out, key, "", false)
			out.WriteString(": ")
			writeFlow(r, out, item)
			out.WriteString(pick(r, ", ", ",", " ,"))
		}
		out.WriteString("}")
	case []any:
		out.WriteString("[")
		for i, item := range value {
			if i > 0 {
				out.WriteString(pick(r, ", ", ","))
			}
			writeFlow(r, out, item)
		}
		out.WriteString("]")
	default:
		writeScalar(r, out, tree, "", false)
	}
}

func writeScalar(r *rand.Rand, out *strings.Builder, value any, indent string, block bool) {
	text, ok := value.(string)
	if !ok {
		out.WriteString(pick(r, jsonText(value), jsonText(value), "~", "0x1F", "0o17", "0b11", "1_000", "1:30", ".inf", "-.INF", ".NaN", "+1", "1.", "on", "2001-12-14t21:59:43.10-05:00"))
		return
	}
	switch style := r.Intn(10); {
	case style == 0 && block:
		out.WriteString(pick(r, "|", ">", "|-", ">-", "|+", ">+", "|2", ">1-") + "\n")
		for _, line := range strings.Split(text, "\n") {
			out.WriteString(indent + "  " + line + "\n")
		}
	case style < 3:
		out.WriteString("'" + strings.ReplaceAll(text, "'", "''") + "'")
	case style < 6:
		out.WriteString(strconv.Quote(text))
	case style == 6:
		out.WriteString(pick(r, "!!str ", "!!int ", "!!float ", "!!binary ", "!!bool ", "!x ", "&a ", "&a ", "*a #", "!!null ", "!!timestamp ") + text)
	default:
		out.WriteString(text)
	}
}

func randomYAML(r *rand.Rand) request {
	var out strings.Builder
	out.WriteString(pick(r, "", "", "", "---\n", "# c\n", "%YAML 1.1\n---\n"))
	writeYAML(r, &out, randomTree(r, 3), "", true)
	out.WriteString(pick(r, "", "\n", "\n...\n", "\n---\nb: 1\n", " # c\n"))
	return request{Text: spoil(r, out.String(), ":", "\n", " ", "-", "? ", "- ", "{", "}", "[", "]", "\"", "'", "&a ", "*a", "<<: ", "#", "!", "|", ">", "\t", "%", "@", ",")}
}

func randomStrvals(r *rand.Rand) request {
	var out strings.Builder
	for i, n := 0, 1+r.Intn(3); i < n; i++ {
		if i > 0 {
			out.WriteString(",")
		}
		out.WriteString(pick(r, "a", "b", "c", "l", "n"))
		for j := r.Intn(4); j > 0; j-- {
			out.WriteString(pick(r, ".a", ".b", ".c", "[0]", "[1]", "[3]"))
		}
		out.WriteString("=" + pick(r, "1", "v", "null", "true", "", "{x,1}", "{}", "a b", "\\,", "01", "1.5", "{a,{b}", "é"))
	}
	data := map[string]any{"a": randomTree(r, 3), "l": []any{randomTree(r, 2), 1}, "n": nil, "b": map[string]any{"a": randomTree(r, 1)}}
	return request{Text: spoil(r, out.String(), ",", ".", "=", "[", "]", "{", "}", "\\", " ", "-", "9"), Data: jsonText(data)}
}

func schemaTree(r *rand.Rand, depth int) any {
	if depth <= 0 || r.Intn(12) == 0 {
		return pick[any](r, true, false, map[string]any{}, map[string]any{"type": "string"}, map[string]any{"$ref": "#/$defs/d"})
	}
	out := map[string]any{}
	sub := func() any { return schemaTree(r, depth-1) }
	for n := 1 + r.Intn(3); n > 0; n-- {
		switch r.Intn(16) {
		case 0:
			out["type"] = pick[any](r, "string", "object", "integer", "number", "array", "boolean", "null", []any{"string", "null"}, []any{"object", "array"})
		case 1, 2:
			out["properties"] = map[string]any{pick(r, "a", "b"): sub(), pick(r, "c", "d"): sub()}
		case 3:
			out["required"] = []any{pick(r, "a", "z"), pick(r, "y", "q")}
		case 4:
			out["additionalProperties"] = sub()
		case 5:
			out["items"] = sub()
		case 6:
			out[pick(r, "anyOf", "allOf", "oneOf")] = []any{sub(), sub()}
		case 7:
			out["not"] = sub()
		case 8:
			out["if"], out[pick(r, "then", "else")] = sub(), sub()
		case 9:
			out["enum"] = []any{randomTree(r, 1), "x", 1}
		case 10:
			out["const"] = randomTree(r, 1)
		case 11:
			out[pick(r, "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")] = pick(r, 1, 2.5, 3, 100)
		case 12:
			out[pick(r, "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")] = r.Intn(4)
		case 13:
			out["pattern"] = pick(r, "^a", "b$", "[0-9]+", "x|y", "\\d")
		case 14:
			out["patternProperties"] = map[string]any{pick(r, "^a", "[bc]", "."): sub()}
		default:
			out[pick(r, "propertyNames", "contains", "unevaluatedProperties", "uniqueItems", "title", "format", "dependentRequired")] =
				pick[any](r, sub(), true, "x", "email", "date-time", map[string]any{"a": []any{"z"}})
		}
	}
	return out
}

func randomSchema(r *rand.Rand) request {
	schema := schemaTree(r, 3)
	if object, ok := schema.(map[string]any); ok {
		object["$defs"] = map[string]any{"d": schemaTree(r, 1)}
		if r.Intn(3) == 0 {
			object["$schema"] = fmt.Sprintf("http://json-schema.org/draft-0%d/schema#", pick(r, 4, 6, 7))
		}
	}
	values := map[string]any{"a": randomTree(r, 2), "b": randomTree(r, 2), "c": randomTree(r, 1)}
	return request{Text: jsonText(schema), Data: jsonText(values)}
}
