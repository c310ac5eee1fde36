package main

import (
	"encoding/json"
	"maps"
	"math/rand"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common/util"
)

var schemaValues = []string{
	`{}`, `{"a":1,"b":"x","c":[1,2,2],"d":{"e":null}}`, `{"a":"text","b":true,"c":[],"d":1.5}`,
	`{"a":{"a":{"a":1}},"name":"no mail","port":70000}`, `{"a":[{"n":"x"},{"n":1},7],"port":"80","list":["é","",null]}`,
}

var schemas = []string{
	`true`, `false`, `{}`, `7`, `"x"`, `[]`, `null`, `{`, ``, `{"type":"object"}`, `{"type":"string"}`, `{"type":["array","null"]}`, `{"type":"nothing"}`,
	`{"type":5}`, `{"required":["a","zz"]}`, `{"required":["zz","yy","xx"]}`, `{"required":"a"}`, `{"properties":{"a":{"type":"string"}}}`,
	`{"properties":{"a":{"type":"integer"},"b":{"type":"integer"},"c":{"type":"string"}}}`, `{"properties":{"a":false}}`, `{"properties":{"a":7}}`,
	`{"properties":{"a":{"enum":["x","y"]}}}`, `{"properties":{"a":{"enum":[{"q":1},null,[1]]}}}`, `{"properties":{"a":{"const":"x"}}}`,
	`{"properties":{"a":{"const":{"k":[1]}}}}`, `{"enum":[1]}`, `{"enum":[]}`, `{"const":null}`, `{"additionalProperties":false}`,
	`{"properties":{"a":{}},"additionalProperties":false}`, `{"additionalProperties":{"type":"string"}}`,
	`{"patternProperties":{"^a":{"type":"string"},"[bc]":{"type":"number"}},"additionalProperties":false}`, `{"patternProperties":{"(":{}}}`,
	`{"propertyNames":{"maxLength":1}}`, `{"propertyNames":{"pattern":"^[a-c]$"}}`, `{"minProperties":9}`, `{"maxProperties":1}`,
	`{"dependentRequired":{"a":["q"]}}`, `{"dependentSchemas":{"a":{"required":["q"]}}}`, `{"dependencies":{"a":["q"]}}`,
	`{"$schema":"http://json-schema.org/draft-07/schema#","dependencies":{"a":["q"],"b":{"required":["r"]}}}`,
	`{"properties":{"c":{"minItems":9}}}`, `{"properties":{"c":{"maxItems":1}}}`, `{"properties":{"c":{"uniqueItems":true}}}`,
	`{"properties":{"c":{"items":{"type":"string"}}}}`, `{"properties":{"c":{"prefixItems":[{"type":"string"}],"items":false}}}`,
	`{"properties":{"a":{"items":[{"type":"string"}],"additionalItems":false}}}`,
	`{"$schema":"http://json-schema.org/draft-04/schema#","properties":{"a":{"items":[{"type":"string"}],"additionalItems":false}}}`,
	`{"properties":{"c":{"contains":{"type":"string"}}}}`, `{"properties":{"c":{"contains":{"const":2},"minContains":3}}}`,
	`{"properties":{"c":{"contains":{"const":2},"maxContains":1}}}`, `{"properties":{"a":{"minimum":2}}}`, `{"properties":{"a":{"maximum":0}}}`,
	`{"properties":{"a":{"exclusiveMinimum":1}}}`, `{"properties":{"a":{"exclusiveMaximum":1}}}`, `{"properties":{"port":{"minimum":1,"maximum":65535}}}`,
	`{"$schema":"http://json-schema.org/draft-04/schema#","properties":{"a":{"minimum":1,"exclusiveMinimum":true}}}`,
	`{"properties":{"a":{"multipleOf":2}}}`, `{"properties":{"d":{"multipleOf":0.4}}}`, `{"properties":{"a":{"multipleOf":0}}}`, `{"properties":{"b":{"minLength":5}}}`,
	`{"properties":{"b":{"maxLength":0}}}`, `{"properties":{"b":{"pattern":"^y+$"}}}`, `{"properties":{"b":{"pattern":"("}}}`, `{"properties":{"b":{"pattern":"(?=x)"}}}`, `{"properties":{"b":{"pattern":"^(?<n>y)$"}}}`,
	`{"properties":{"name":{"format":"email"}}}`, `{"properties":{"name":{"format":"ipv4"}}}`, `{"properties":{"name":{"format":"uri"}}}`,
	`{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"name":{"format":"email"}}}`,
	`{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"name":{"format":"hostname"},"b":{"format":"date-time"},"a":{"format":"ipv6"}}}`,
	`{"allOf":[{"required":["q"]},{"required":["r"]}]}`, `{"anyOf":[{"required":["q"]},{"required":["r"]}]}`, `{"oneOf":[{"required":["q"]},{"required":["r"]}]}`,
	`{"oneOf":[{},{}]}`, `{"oneOf":[{},{},{}]}`, `{"not":{}}`, `{"not":{"required":["a"]}}`, `{"properties":{"a":{"not":{"type":"integer"}}}}`, `{"allOf":[]}`, `{"anyOf":7}`,
	`{"if":{"required":["a"]},"then":{"required":["q"]},"else":{"required":["r"]}}`, `{"if":false,"else":{"type":"array"}}`, `{"then":{"required":["q"]}}`,
	`{"$ref":"#/definitions/x","definitions":{"x":{"required":["q"]}}}`, `{"properties":{"a":{"$ref":"#/$defs/p"}},"$defs":{"p":{"type":"boolean"}}}`,
	`{"$ref":"#/nowhere"}`, `{"$ref":"#"}`, `{"properties":{"a":{"$ref":"#"}},"additionalProperties":false}`, `{"$ref":"other.json"}`, `{"$ref":"file:///no/such/file.json"}`,
	`{"$ref":"urn:x:y"}`, `{"$id":"https://example.org/s","$ref":"#/$defs/a","$defs":{"a":{"type":"array"}}}`, `{"$ref":"#x","$defs":{"n":{"$anchor":"x","type":"array"}}}`,
	`{"$ref":"#x"}`, `{"$schema":"http://json-schema.org/draft-07/schema#","$ref":"#/definitions/a","type":"array","definitions":{"a":{}}}`,
	`{"$schema":"https://json-schema.org/draft/2019-09/schema","$recursiveAnchor":true,"properties":{"a":{"$recursiveRef":"#"}},"unevaluatedProperties":false}`,
	`{"$schema":"https://json-schema.org/draft/2020-12/schema","$dynamicAnchor":"n","properties":{"a":{"$dynamicRef":"#n"}},"unevaluatedProperties":false}`,
	`{"allOf":[{"properties":{"a":{}}}],"unevaluatedProperties":false}`, `{"properties":{"c":{"prefixItems":[{}],"unevaluatedItems":false}}}`,
	`{"$schema":"http://json-schema.org/draft-06/schema#","properties":{"a":{"exclusiveMinimum":1},"c":{"contains":{"type":"string"}}}}`,
	`{"$schema":"http://json-schema.org/draft-03/schema#"}`, `{"$schema":"https://example.org/unknown"}`, `{"$schema":7}`, `{"$schema":""}`,
	`{"minProperties":-1}`, `{"minProperties":1.0}`, `{"minProperties":"x"}`, `{"properties":7}`, `{"properties":{"a":{"minimum":"x"}}}`, `{"type":["string","string"]}`, `{"type":[]}`,
	`{"required":["a","a"]}`, `{"title":5}`, `{"default":[],"examples":[1],"description":"d","$comment":"c"}`, `{"properties":{"a":{"type":"null"},"b":{"type":"null"},"c":{"type":"null"},"d":{"type":"null"}}}`,
	`{"properties":{"a":{"items":{"required":["n"],"properties":{"n":{"type":"string","minLength":3}}}}}}`, `{"properties":{"list":{"items":{"type":"string","minLength":1}}}}`,
	`{"properties":{"d":{"type":"object","properties":{"e":{"type":"string"}},"required":["f"]}},"required":["g"]}`, `{"properties":{"a/b~c":{}},"required":["a/b~c"]}`,
	`{"properties":{"a":{"anyOf":[{"type":"string"},{"type":"object","properties":{"a":{"type":"string"}}}]}}}`, `{"properties":{"a":{"type":"object","additionalProperties":false}}}`,
	`{"properties":{"a":{"const":9884900},"b":{"enum":[1870100,"y",1.5,123456789012]}}}`,
	`{"contentMediaType":"application/json","properties":{"b":{"contentEncoding":"base64"}}}`, `{"minLength":1,"maxLength":0,"minItems":5}`, `{"readOnly":true,"x-custom":1}`,
}

// Texts for each format, one schema a format and draft: the draft decides whether it is checked.
var formatTexts = map[string][]string{
	"hostname": {"", "a", "a.b.", "a..b", "-a.b", "a-", "a_b", "é.de", strings.Repeat("a", 64), strings.Repeat("ab.", 90)},
	"ipv4":     {"1.2.3.4", "1.2.3", "1.2.3.04", "1.2.3.256", "1.2.3.x", "+1.2.3.4", "-1.2.3.4", "1.2.3.", "1.2.3.99999999999999999999", "1.2.3.1234567890"},
	"ipv6": {"::", "::1", "1", "1::2::3", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8", "1:2:3:4:5:6:7::", "12345::", "g::", ":1", "1:", "::1.2.3.4", "1:2:3:4:5:6:1.2.3.4",
		"1:2:3:4:5:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "::1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "::1.2.3.4.5", "::01.2.3.4", "::1.2.3.256", "::1..2.3", "fe80::1%eth0", "fe80::1%", "1.2.3.4:80", "%:", "::1x", "1:::2", "1.2.3.4.5:", "::1.2.3.4%z", "1:2:3"},
	"email": {"a@b.c", "a", "@b", "a@", ".a@b", "a.@b", "a..b@c", "a b@c", "\"a b\"@c", "\"a\\\"@c", "\"@c", "a@[1.2.3.4]", "a@[1.2.3]", "a@[IPv6:::1]", "a@[IPv6:x]", "a@[", "a@[]", "é@b", "a@b_c",
		strings.Repeat("a", 65) + "@b", strings.Repeat("a", 260)},
	"uri":           {"http://a.b/c?d#e", "a", "", "//a", "mailto:x", "http://[::1]/", "http://[::1", "http://::1/", "http://[1]/", "http://[::z]/", "http://a b", "http://a/%zz", ":a", "http://a:b", "1:a", "http://a/\\", "urn:a{"},
	"iri":           {"http://é/", "é"},
	"uri-reference": {"a", "", "a\\b", "//a/b", "%", "a:b:c", "http://[::1%25en0]/", "#%zz"},
	"iri-reference": {"é", "a\\", "http://ex ample"},
	"uri-template":  {"/{a}", "/{a", "/a}", "/{{a}}", "/{a}{b}/{c}", "http://x/{a}/b{", "/%7Ba", "/\"%7Ba", "/%7ba", "mailto:{", "?{", "/{a/b}", "x{", "/%zz"},
	"date":          {"2020-02-29", "2021-02-29", "2020-13-01", "2020-1-01", "x", "", "2020-01-01x", "2020-00-10", "02020-01-01"},
	"time": {"12:00:00Z", "12:00:00z", "12:00:00", "12:00:0Z", "12-00:00Z", "ab:00:00Z", "-1:00:00Z", "+1:00:00Z", "24:00:00Z", "12:60:00Z", "12:00:61Z", "23:59:60Z", "12:00:60Z", "12:00:00.Z", "12:00:00.5Z",
		"12:00:00+01:00", "12:00:00+1:00", "12:00:00x01:00", "12:00:00+01-00", "12:00:00+ab:00", "12:00:00+24:00", "12:00:00+-1:00", "00:59:60+01:00", "22:29:60-01:30", "12:00:00ZZ"},
	"date-time":             {"2020-01-01T00:00:00Z", "2020-01-01t00:00:00.1+01:00", "2020-01-01 00:00:00Z", "2020-01-01T00:00Z", "2020-13-01T00:00:00Z", "2020-01-01T25:00:00Z", "x"},
	"duration":              {"P1Y", "P1Y2M3DT4H5M6S", "P", "1Y", "PT", "P1YT", "P1D1Y", "P1X", "P1", "PY", "P1W", "PW", "PxW", "P1W1D", "PT1H", "PT1HT1M", "PT1HT", "PT1D", "P1H", "P1é", "PT1S1H"},
	"period":                {"2020-01-01T00:00:00Z/2020-01-02T00:00:00Z", "2020-01-01T00:00:00Z/P1D", "P1D/2020-01-01T00:00:00Z", "P1D/P1D", "x", "x/y", "2020-01-01T00:00:00Z/x", "2020-01-01T00:00:00Z/Px", "Px/y", "P1D/y"},
	"regex":                 {"a+", "(", "[a", "(?=x)", "a**", "\\8", "x{2,1}", "x{1001}"},
	"uuid":                  {"123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000", "", "123e4567-e89b-12d3-a456-42661417400", "123e4567e89b12d3a456426614174000", "123e456g-e89b-12d3-a456-426614174000", "123e45é-e89b-12d3-a456-426614174000"},
	"semver":                {"1.2.3", "1.2", "1.2.3.4", "v1.2.3", "01.2.3", "1..3", "1.2.x", "1.2.3-a.b", "1.2.3-", "1.2.3-a..b", "1.2.3-01", "1.2.3-0a", "1.2.3-é", "1.2.3+a", "1.2.3+", "1.2.3+a..b", "1.2.3+a_b", "1.2.3-a+b-c", "1.2.3+01", ""},
	"json-pointer":          {"", "/", "/a~0b~1", "a", "/~", "/~2", "/é", "/a~~0"},
	"relative-json-pointer": {"0", "1#", "0/a", "", "/a", "01", "1a", "1/~", "10#"},
	"no-such-format":        {"x"},
}

var drafts = []string{"http://json-schema.org/draft-04/schema#", "http://json-schema.org/draft-06/schema#", "http://json-schema.org/draft-07/schema#",
	"https://json-schema.org/draft/2019-09/schema", "https://json-schema.org/draft/2020-12/schema", ""}

// Schemas that break their metaschema, in each draft. Nothing else is wrong with them.
var brokenSchemas = []string{
	`"type":"nothing"`, `"type":5`, `"type":[]`, `"type":["string","string"]`, `"required":"a"`, `"required":["a","a"]`, `"required":[]`, `"required":[1]`, `"properties":7`, `"properties":{"a":7}`,
	`"properties":{"a":true}`, `"properties":{"a":{"properties":{"b":{"type":"int"}}}}`, `"minimum":"x"`, `"minProperties":-1`, `"minProperties":1.5`, `"minProperties":1.0`, `"multipleOf":0`, `"multipleOf":-1`,
	`"exclusiveMinimum":true`, `"exclusiveMinimum":1`, `"minimum":1,"exclusiveMinimum":true`, `"pattern":"("`, `"pattern":7`, `"patternProperties":{"(":{}}`, `"patternProperties":{"a":7}`, `"enum":[]`, `"enum":7`, `"enum":[1,1]`,
	`"const":[1]`, `"title":5`, `"description":{}`, `"uniqueItems":"yes"`, `"items":7`, `"items":[]`, `"items":[{}]`, `"items":[7]`, `"additionalItems":7`, `"contains":7`, `"anyOf":[]`, `"allOf":7`, `"oneOf":[{"type":"x"}]`, `"not":7`, `"if":7`,
	`"then":{"type":1}`, `"dependencies":{"a":7}`, `"dependencies":{"a":[]}`, `"dependencies":{"a":["b","b"]}`, `"dependentRequired":{"a":7}`, `"dependentSchemas":{"a":7}`, `"propertyNames":7`, `"format":7`, `"definitions":{"a":7}`, `"definitions":7`,
	`"$defs":{"a":{"type":"y"}}`, `"$defs":7`, `"$ref":7`, `"$ref":"a b%"`, `"$id":7`, `"$comment":7`, `"$anchor":"1 2"`, `"$anchor":7`, `"readOnly":1`, `"deprecated":1`, `"default":{"type":7}`, `"examples":7`, `"examples":[{"type":7}]`,
	`"unevaluatedProperties":7`, `"prefixItems":[]`, `"prefixItems":[7]`, `"minContains":-1`, `"maxContains":"x"`, `"contentMediaType":7`, `"contentSchema":7`, `"$vocabulary":7`, `"maxLength":-1`, `"type":"x","title":5`, `"x-own":{"type":7}`,
	`"properties":{"a":{"$ref":"#/x-own/b"}},"x-own":{"b":{"type":7}}`, `"properties":{"a/b":{"type":7}}`, `"additionalProperties":"no"`, `"maximum":1e6`, `"$schema":7`,
}

func brokenRecords() []record {
	var out []record
	for _, draft := range drafts {
		for _, broken := range brokenSchemas {
			schema := "{" + broken + "}"
			if draft != "" && !strings.Contains(broken, "$schema") {
				schema = `{"$schema":"` + draft + `",` + broken + "}"
			}
			if found, stable := findings(schemaValues[1], schema); stable && !isKnown(found) {
				out = append(out, record{"values": schemaValues[1], "schema": schema, "out": found})
			}
		}
	}
	return out
}

func formatRecords() []record {
	var out []record
	add := func(schema map[string]any, text string) {
		s, _ := json.Marshal(schema)
		v, _ := json.Marshal(map[string]any{"a": text})
		if found, stable := findings(string(v), string(s)); stable {
			out = append(out, record{"values": string(v), "schema": string(s), "out": found})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(formatTexts)) {
		properties := map[string]any{"a": map[string]any{"format": name}}
		for _, text := range formatTexts[name] {
			add(map[string]any{"$schema": "http://json-schema.org/draft-07/schema#", "properties": properties}, text)
		}
		for _, draft := range drafts[:5] {
			add(map[string]any{"$schema": draft, "properties": properties}, formatTexts[name][len(formatTexts[name])-1])
		}
	}
	return out
}

// The findings, and whether they are always the same: Go walks its maps in any order.
func findings(values, schema string) (out string, stable bool) {
	for i := 0; i < 40; i++ {
		now := ""
		if err := util.ValidateAgainstSingleSchema(tree(values), []byte(schema)); err != nil {
			now = err.Error()
		}
		if i > 0 && now != out {
			return out, false
		}
		out = now
	}
	return out, true
}

// What isn't checked here, see README.md: schemas that refer to themselves, and schemas on the network.
func isKnown(out string) bool {
	return strings.Contains(out, "causing reference cycle") || strings.Contains(out, "HTTP request failed")
}

func schemaRecords(*rand.Rand) []record {
	out := append(formatRecords(), brokenRecords()...)
	for _, schema := range schemas {
		for _, values := range schemaValues {
			if found, stable := findings(values, schema); stable && !isKnown(found) {
				out = append(out, record{"values": values, "schema": schema, "out": found})
			}
		}
	}
	return out
}
