package main

import (
	"bytes"
	"encoding/json"
	"math/rand"
)

var jsonTexts = []string{
	"", " ", "null", "true", "fals", "nul", "tru1", "trUe", "\"a", "\"a\"x", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\\u0041\"", "\"\\udc00\"", "\"a\nb\"", "\"a\tb\"", "\"\xff\"", "\"\xc3\x28\"", "\"\xed\xa0\x80\"", "\"\\/\\b\\f\\n\\r\\t\\\"\\\\\"",
	"0", "-0", "01", "-", "-a", "1.", "1.a", ".5", "+1", "1e", "1e+", "1e+x", "1E5", "1e-5", "1e999", "-1e999", "1e-999", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "123456789012345678901234567890", "1.0", "100000000000000000000", "1e21", "1e20", "0.000001", "0.0000001", "1.5e-9", "1e-10", "123456.789",
	"[", "[]", "[1", "[1,", "[1,]", "[1 2]", "[,]", "{", "{}", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "{\"a\":1 \"b\":2}", "{1:2}", "{\"a\":1,\"a\":2}", "{\"a\":{\"x\":1},\"a\":{\"y\":2}}", "{\"b\":1,\"a\":2,\"b\":3}", "[1]]", "{}{}", "1 2", "nan", "'a'", "\u00e9", "\x01", "\x7f", "\xa0", "\xad", "[\"<>&\u2028\u2029\x7f\u0080\"]", "{\"<\":\"\u00e9\"}", "[[],{},[[]],{\"a\":{}}]", "  [ 1 , {\"a\" : [ ] } ]  ", "\"\\u0000\\u001f\\u007f\"", "\\", "`", "/", "\"",
}

func addJSON(s *sink, text string) {
	r := record{"text": []byte(text)}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		r["error"] = err.Error()
		s.add(r)
		return
	}
	out, _ := json.Marshal(v)
	r["json"] = string(out)
	indented, _ := json.MarshalIndent(v, "", "  ")
	r["pretty"] = string(indented)
	var raw bytes.Buffer
	encoder := json.NewEncoder(&raw)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v)
	r["raw"] = string(bytes.TrimSuffix(raw.Bytes(), []byte("\n")))
	s.add(r)
}

func recordJSON(s *sink) {
	for _, text := range jsonTexts {
		addJSON(s, text)
	}
	r := rand.New(rand.NewSource(9))
	for n := 0; n < 250; n++ {
		text, _ := json.Marshal(randomTree(r, 3))
		addJSON(s, string(text))
		if len(text) > 1 {
			at := r.Intn(len(text))
			addJSON(s, string(text[:at])+string("{}[],:\"\\x1-e.tfn "[r.Intn(17)])+string(text[at+1:]))
		}
	}
	for n := 0; n < 200; n++ {
		text, _ := json.Marshal(randomNumber(r))
		addJSON(s, string(text))
	}
}
