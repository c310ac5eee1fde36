package main

import (
	"math/rand"
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
	`{"properties":{"b":{"maxLength":0}}}`, `{"properties":{"b":{"pattern":"^y+$"}}}`, `{"properties":{"b":{"pattern":"("}}}`, `{"properties":{"b":{"pattern":"(?=x)"}}}`,
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

// What isn't checked here, see README.md: schemas against their metaschema, and schemas on the network.
func isKnown(out string) bool {
	return strings.Contains(out, "is not valid against metaschema") || strings.Contains(out, "causing reference cycle") || strings.Contains(out, "HTTP request failed")
}

func schemaRecords(*rand.Rand) []record {
	var out []record
	for _, schema := range schemas {
		for _, values := range schemaValues {
			if found, stable := findings(values, schema); stable && !isKnown(found) {
				out = append(out, record{"values": values, "schema": schema, "out": found})
			}
		}
	}
	return out
}
