package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/asaskevich/govalidator"
	"k8s.io/apimachinery/pkg/api/validate/content"
	"k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// k8sYamlStruct has the shape, and the name, of the struct that Helm's lint decodes into.
type k8sYamlStruct struct {
	APIVersion string `json:"apiVersion"`
	Kind       string
	Metadata   k8sYamlMetadata
}

type k8sYamlMetadata struct {
	Namespace string
	Name      string
}

var emails = []string{
	"a@b.c", "a@b", "joe@example.com", "joe.smith@example.com", "joe..smith@example.com", ".joe@example.com",
	"joe.@example.com", "joe+tag@example.co.uk", "joe@example.com.", "joe@example..com", "joe@-example.com",
	"joe@example-.com", "joe@ex_ample.com", "joe@_example.com", "joe@example.c0m", "joe@example.1com",
	"joe@example.com1", "joe@1example.com", "joe@127.0.0.1", "joe@[127.0.0.1]", "joe smith@example.com", "\"@example.com", "\"(\"@b.cc", "\"((\"@b.cc", "\"a\"b\"@b.cc", "\"(a\"@b.cc",
	"\"joe smith\"@example.com", "\"joe\\\"\"@example.com", "\"\"@example.com", "\"a\tb\"@example.com", "\"a\\ b\"@example.com",
	"\"a(b\"@example.com", "\"a\r\n b\"@example.com", "\"a \"@example.com", "\"é\"@example.com", "joe@exämple.com", "jöe@example.com",
	"joe@example.cöm", "joe@пример.рф", "用户@例子.广告", "joe@example.com\n", " joe@example.com", "joe@", "@example.com", "", "joe",
	"joe@@example.com", "a!#$%&'*+-/=?^_`{|}~b@x.yz", "joe@a.b.c.d.e", "joe@a~b.com", "joe@a.b-c", "joe@a.b-", "joe@a.b~c", "joe@a.~b",
	"joe@a.b_c", "joe@a-.b", "(c)joe@example.com", "joe@x.y,jane@x.y", "joe <joe@example.com>", "mailto:joe@example.com", "joe@x.y.",
	"joe@x.y..", "joe@.x.y", "joe@x", "joe@x.", "JOE@EXAMPLE.COM", "joe@example.C", "joe@a.-.b", "joe@a._.b", "joe@a--b.com", "joe@\u00a0.com", "j😀e@example.com",
}

var urls = []string{
	"http://example.com", "https://example.com/", "https://example.com/a/b?c=d#e", "example.com", "www.example.com", "example", "a.b", "http://a",
	"ftp://example.com", "tcp://example.com:80", "udp://x.y", "ws://x.y", "wss://x.y", "git://github.com/a/b", "ssh://git@github.com/a", "mailto:a@b.c",
	"git@github.com:a/b.git", "github.com/a/b", "https://github.com/a_b/c", "https://ex_ample.com", "https://_example.com", "https://example_.com",
	"https://-example.com", "https://example-.com", "https://a--b.com", "https://a---b.com", "https://a..b", "https://.example.com", "https://example.com.",
	"https://example.com:8080", "https://example.com:123456", "https://example.com:", "https://example.com:80a", "https://user:pw@example.com", "https://user@example.com/x",
	"https://127.0.0.1", "https://0.0.0.0", "https://256.1.1.1", "https://127.0.0.1:80/x", "https://[::1]", "https://[::1]:80/x", "https://[fe80::1%25eth0]/", "https://[1:2:3:4:5:6:7:8]",
	"https://[::ffff:1.2.3.4]", "https://[zz]", "https://[]", "https://exämple.com", "https://пример.рф/x", "https://例子.广告", "https://example.com/a b", "https://example .com", " https://example.com",
	"https://example.com\n", "https://", "http:///x", "http://?x", "//example.com/x", "/a/b", "/a", "#x", "?x=1", "x://y.z", "http//x.y", "http:/x.y", "http:x.y", "localhost", "http://localhost",
	"http://localhost:80", "localhost:80", "a:b", "abc:80", "ab", "abc", "abcd", "a.bc", ".abc", "http://.abc", "", "*", "****", "https://example.com/%zz", "https://example.com/%20x", "https://ex%20ample.com",
	"https://a.b-c.d_e.f", "https://a_b.c_d", "https://a.b_c", "https://a-b-c.d-e-f.gh-ij.kl", "https://x.y1", "https://x.1y", "https://1.2", "https://1.2.3.4.5", "https://a.b?c", "https://a.b#c", "https://a.b;c",
	"https://twitter.com/@joe", "twitter.com/@joe", "@joe", "joe@", "https://a@b@c.d", "HTTP://example.com", "Https://example.com", "https://EXAMPLE.COM", "file:///a/b", "data:text/plain,x", "javascript:alert(1)",
	"http://www.", "http://www.x", "http://a.b.", "http://a.b./x", "http://a./x", "http://é", "http://éé.éé", "http://a😀.com", "https://x.y:1/2:3", "https://user:@x.y", "https://:pw@x.y", "https://a!b.c", "https://a.b/\u00a0",
	"https://a.b-", "https://a.b--c", "https://a.b-c-", "https://a1.b2-c3.d4", "10.0.0.1", "1.2.3", "223.255.255.255", "224.0.0.1", "240.0.0.1", "250.1.2.3", "01.2.3.4", "https://a.b/c|d", "a/b", "a b", "a.b c", "https://a.b.c.d.e.f/g", "oci://ghcr.io/x/y",
}

var names = []string{
	"", "a", "A", "a-b", "a.b", "a_b", "-a", "a-", "a.", ".a", "a..b", "a.-b", "1a", "1", "a/b", "a%b", "a/%b", ".", "..", "a b", "é", "a\nb", "a\"b", "system:a", "a:b/c", "Abc.def",
	strings.Repeat("a", 63), strings.Repeat("a", 64), strings.Repeat("a", 253), strings.Repeat("a", 254), strings.Repeat("A", 254), strings.Repeat("a.", 40) + "b",
}

var kinds = map[string]validation.ValidateNameFunc{
	"ConfigMap": validation.NameIsDNSSubdomain, "Secret": validation.NameIsDNSSubdomain, "Service": validation.NameIsDNS1035Label,
	"Namespace": validation.ValidateNamespaceName, "ServiceAccount": validation.ValidateServiceAccountName,
	"CertificateSigningRequest": func(string, bool) []string { return nil },
	"ClusterRoleBinding":        func(name string, _ bool) []string { return content.IsPathSegmentName(name) },
}

var documents = []string{
	"", "\n", "---\n", "---\n---\n", "a: b\n", "kind: X\nmetadata: {name: a}\n", "---\nkind: X\n---\nkind: Y\n", "kind: X\n---\n\n---\nkind: Y", "kind: X\n--- # c\nkind: Y\n", "kind: X\n--- y\nkind: Y\n",
	"kind: X\n---y\nkind: Y\n", "kind: X\n ---\nkind: Y\n", "kind: X\r\n---\r\nkind: Y\r\n", "kind: 1\napiVersion: 1.50\nmetadata:\n  name: true\n  namespace: 0x10\n", "kind: [a]\n", "kind: {a: b}\n", "metadata: x\n", "metadata: 1\n",
	"metadata: [a]\n", "metadata: {name: [a]}\n", "metadata: {name: {a: b}}\n", "metadata: {namespace: [a], name: {}}\n", "metadata: ~\nkind: ~\n", "KIND: X\nMetadata: {NAME: y}\napiversion: v\n", "- a\n", "a\n", "1\n", "true\n", "~\n",
	"kind: X\n---\n- a\n---\nkind: Y\n", "kind: X\n  b: c\n", "kind: X\n---\na: b: c\n", "\tkind: X\n", "{}\n", "{\"kind\":\"X\",\"metadata\":{\"name\":\"a\"}}\n", "{\"kind\":1}\n", "{\"kind\":\"X\"}{\"kind\":\"Y\"}\n", "{\"kind\":\"X\"}\n---\n{\"kind\":\"Y\"}\n",
	"{\"kind\":\"X\"}{\"kind\":\"Y\"}\n---\nkind: Z\n", "{kind: X}\n", "{kind: X}\n---\nkind: Y\n", "{kind: X", "{\"kind\":\"X\"}\nkind: Y\n", "{\"kind\":\"X\"} x\n", "\n\n  {\"kind\":\"X\"}\n", "{\"metadata\":[]}\n", "{\"kind\":\"X\",}\n", "{{ x }}\n",
	"# c\nkind: X\n# d\n---\n# only\n---\n", "kind: X\n...\nkind: Y\n", "kind: X\n---\n...\n---\nkind: Y\n", "kind: X\nkind: Y\n", "a: &x {kind: Z}\n<<: *x\n", "%YAML 1.1\n---\nkind: X\n", "kind: 'X\n", "kind: \"X\n---\nkind: Y\n", "kind: |\n  X\n  ---\n  Y\n", "kind: |\n---\nkind: Y\n",
	"metadata: {annotations: {a: [b]}}\n", "kind: X\nmetadata:\n- a\n", "? [a]\n: b\n", "1: 2\nkind: X\n", "kind: 1e3\n", "kind: 2020-01-01\n", "kind: yes\n", "{\"kind\": .}", "{\"kind\": \"X\"},{\"kind\": \"Y\"}",
	"{\"kind\":\"X\"}\n\n\n---\nkind: Y\n---\nkind: Z\n", "{\"kind\":\"A\"}\n{\"kind\":\"B\"}\n{\"kind\":\"C\"}", "{\"kind\":\"A\"}\n{\"kind\":2}", "{\"kind\":null}", "{\"KIND\":\"x\",\"kind\":\"y\"}", "[1]", "\"x\"", "\xef\xbb\xbfkind: X\n", "kind: X\n\x00",
}

// decode runs the loop of Helm's lint over one rendered file.
func decode(text string) ([]any, string) {
	out := []any{}
	decoder := yaml.NewYAMLOrJSONDecoder(strings.NewReader(text), 4096)
	for {
		var object *k8sYamlStruct
		err := decoder.Decode(&object)
		if errors.Is(err, io.EOF) {
			return out, ""
		}
		if err != nil {
			return out, err.Error()
		}
		if object == nil {
			out = append(out, nil)
			continue
		}
		out = append(out, []string{object.APIVersion, object.Kind, object.Metadata.Namespace, object.Metadata.Name})
	}
}

func nameError(kind, name string) string {
	list := field.ErrorList{}
	for _, message := range kinds[kind](name, false) {
		list = append(list, field.Invalid(field.NewPath("metadata").Child("name"), name, message))
	}
	if len(list) == 0 {
		return ""
	}
	return list.ToAggregate().Error()
}

func judges() {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	add := func(record map[string]any) {
		if err := encoder.Encode(record); err != nil {
			panic(err)
		}
	}
	for _, text := range emails {
		add(map[string]any{"email": text, "ok": govalidator.IsEmail(text)})
	}
	for _, text := range urls {
		add(map[string]any{"url": text, "ok": govalidator.IsURL(text)})
		add(map[string]any{"request_url": text, "ok": govalidator.IsRequestURL(text)})
	}
	for _, kind := range []string{"ConfigMap", "Secret", "Service", "Namespace", "ServiceAccount", "CertificateSigningRequest", "ClusterRoleBinding"} {
		for _, name := range names {
			add(map[string]any{"kind": kind, "name": name, "why": nameError(kind, name)})
		}
	}
	for _, text := range documents {
		objects, why := decode(text)
		add(map[string]any{"documents": text, "objects": objects, "why": strings.ReplaceAll(why, "main.", "rules.")})
	}
}
