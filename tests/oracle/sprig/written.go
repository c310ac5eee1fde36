package main

import (
	"fmt"
	"strings"
)

// written adds what the pools don't reach: sequences of calls, sharing, real layouts and documents.
func written(add func(string, vector)) {
	for family, lines := range handWritten {
		for _, line := range lines {
			line = strings.TrimSpace(line)
			v := vector{Function: strings.Fields(strings.TrimLeft(line, "{-( "))[0]}
			if strings.HasPrefix(line, "{{") {
				v.Template = line
			} else {
				v.Call = line
			}
			add(family, v)
		}
	}
	for _, layout := range layouts {
		for _, seconds := range []int64{0, 951782400, 1704067199, -62135596800, 1720000000} {
			for _, zone := range []string{"UTC", "Europe/Berlin", "America/New_York"} {
				add("dates", vector{Function: "dateInZone",
					Call: fmt.Sprintf("dateInZone %q (int64 %d) %q", layout, seconds, zone)})
			}
		}
	}
	for _, fn := range []string{"title", "untitle", "upper", "lower", "swapcase", "initials", "nospace",
		"snakecase", "kebabcase", "camelcase", "trim", "quote", "squote", "b64enc", "b32enc", "sha1sum",
		"sha256sum", "sha512sum", "adler32sum", "toJson", "toRawJson", "toYaml", "regexQuoteMeta", "toToml"} {
		for _, text := range texts {
			add("texts", vector{Function: fn, Call: fmt.Sprintf("%s %q", fn, text)})
		}
	}
	for _, fn := range []string{"int", "int64", "float64", "atoi", "toDecimal", "add1", "add1f"} {
		for _, text := range numberTexts {
			add("numbers", vector{Function: fn, Call: fmt.Sprintf("%s %q", fn, text)})
		}
	}
	for _, fn := range []string{"add", "sub", "mul", "div", "mod", "max", "min", "maxf", "minf", "addf", "subf", "mulf", "divf"} {
		for _, a := range []string{"7", "-7", "0.1", "2.5", "1e300", `"3.7"`, "9223372036854775807", ".huge", "true"} {
			for _, b := range []string{"3", "-3", "0.2", "7", "1e-300", `"0x10"`, "-1", "0"} {
				add("numbers", vector{Function: fn, Call: fmt.Sprintf("%s %s %s", fn, a, b)})
			}
		}
	}
	for _, c := range constraints {
		for _, v := range versions {
			add("semver", vector{Function: "semverCompare", Call: fmt.Sprintf("semverCompare %q %q", c, v)})
		}
	}
	for _, expression := range expressions {
		for _, text := range []string{"", "abc123def", "aaa", "hello world foo", "a,b;c", "日本abc日", "x=1&y=2"} {
			for _, n := range []string{"-1", "0", "2"} {
				add("regex", vector{Function: "regexFindAll", Call: fmt.Sprintf("regexFindAll %q %q %s", expression, text, n)})
				add("regex", vector{Function: "regexSplit", Call: fmt.Sprintf("mustRegexSplit %q %q %s", expression, text, n)})
			}
			for _, by := range []string{"<$0>", "${1}-$2", "$1x", "$$", "$", "${name}", "[$name]"} {
				add("regex", vector{Function: "regexReplaceAll", Call: fmt.Sprintf("mustRegexReplaceAll %q %q %q", expression, text, by)})
			}
			add("regex", vector{Function: "regexFind", Call: fmt.Sprintf("mustRegexFind %q %q", expression, text)})
		}
	}
	for _, url := range urls {
		add("urls", vector{Function: "urlParse", Call: fmt.Sprintf("urlParse %q", url)})
		add("urls", vector{Function: "urlJoin", Call: fmt.Sprintf("urlJoin (urlParse %q)", url)})
	}
	for _, path := range paths {
		for _, fn := range []string{"base", "dir", "clean", "ext", "isAbs", "osBase", "osDir", "osClean", "osExt", "osIsAbs"} {
			add("paths", vector{Function: fn, Call: fmt.Sprintf("%s %q", fn, path)})
		}
	}
	for _, document := range tomls {
		add("toml", vector{Function: "fromToml", Call: fmt.Sprintf("fromToml %q", document)})
		add("toml", vector{Function: "toToml", Call: fmt.Sprintf("toToml (fromToml %q)", document)})
	}
	for _, document := range tomlErrors {
		add("toml", vector{Function: "fromToml", Call: fmt.Sprintf("fromToml %q", document)})
	}
}

var layouts = []string{"2006-01-02T15:04:05Z07:00", "Mon Jan _2 15:04:05 MST 2006", "Monday, 02-Jan-06", "3:04PM", "03:04 pm",
	"2006-002 __2", "05.000 .999 ,000", "-0700 -07 -07:00 Z0700 Z07", "January 1 6 06", "no layout 20060102", "2006年01月02日"}

var texts = []string{"", "a", "hello world", "Hello, World! it's o'neil x_y", "  lead and trail \t\n", "HTTP20xOK", "abc123def",
	"_complex__case_", "some-thing_Else here", "ÄÖÜ äöü ß ǆ", "日本語 text", "\x00\x01\x7f\u2028", "a\xffb", "<b>&\"'</b>", "tab\tnew\nline\r",
	"\u00a0nbsp\u0085", "FooBARBaz42x", "emoji 😀 ok", "İi ıI", "key: value # x", "0123", "-", "x9Y8z_7", "HTTPServer v2.0beta"}

var numberTexts = []string{"", "0", "-0", "+5", "010", "0x1F", "0X1f", "0b11", "0o17", "1_000", "1__0", "_1", "1_", "0_1", "1.0", "1.00", "1.5", "1e3",
	" 1", "1 ", "08", "0x", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "1.7976931348623157e308",
	"1e309", "1e-400", "inf", "-Inf", "NaN", "infinity", "0x1p4", "0x1.8p1", "0x1", ".5", "5.", "-.5e2", "1_0.5", "abc", "true", "٣", "1e", "e1", "--1", "00.0", "100.000"}

var constraints = []string{">=1.19-0", ">= 1.2, < 2", "^1.2.3", "~1.2", "1.x", "*", "1.2 - 1.4.5", "!=1.2.3", ">1.2", "<=1.2", "=1.2", "^0.2.3", "^0.0.3",
	">1.0 || <0.5", "bad", "", ">=1.20.0-0 <1.30.0-0", "~1.2.3-beta", "1.2.X", "=>1.2", ">= v1.2.3", "^1", "~>2.0.0"}
var versions = []string{"1.2.3", "1.2", "v1.19.0-gke.1", "0.2.9", "1.20.5+k3s1", "2.0.0", "0.0.3", "1.4.9", "1.2.3-beta.2", "x", "1.25"}

var expressions = []string{"a*", "[a-z]+", "([a-z]+)([0-9]*)", "^a", "c$", ",|;", "", "(?i)ABC", "\\b", "(?P<name>[a-z])", "\\d{2}", "[^a-z]", "b+?", "(?<name>o)", "日",
	"[a", "(x", "a**", "a{2000}", "\\", "(?!x)", "\\pZ", "(?s).+", "x)"}

var urls = []string{"http://user:pa%20ss@example.com:8080/a/b%2Fc?q=1&r=%20#frag%20x", "https://[::1]:80/x", "mailto:me@x.org", "/only/path", "//host/p", "rel/path?x",
	"http://a b/", "http://%zz/", ":x", "a:b", "http://h:port/", "*", "#f", "?q", "http://h/p?#", "ftp://u@h", "http://ex%C3%A4mple/", "HTTP://H/P", "http://[::1", "1http://x",
	"x/y:z", "http://h/%", "http://u:@h", "proto:///p", "http://h/a b<>\"{}|^`'()*!", "", "http://a:b:c/", "mongodb://a:1,b:2/x", "http://日本/路"}

var paths = []string{"", ".", "..", "/", "//", "a", "a/", "/a/b/c.tar.gz", "a//b/./c/../d", "../../x", "/..", "/../a", ".hidden", "dir.d/file", "a.", "./a", "a/b/..", "/a/../.."}

// What BurntSushi/toml refuses, and what it nearly does.
var tomlErrors = []string{
	"a = 1 x", "[t]\na = 1 x", "a = foo", "a = .5", "a = -x", "a = ,", "a = #", "a =", "a =\n", "= 1",
	".a = 1", "a. = 1", "a..b = 1", "[]", "[.a]", "[a.]", "[a b]", "[[a]", "[[a] ]", "[a", "a = [,]",
	"a = [1,,2]", "a = [1 2]", "a = [", "p = {,}", "p = {x = 1 y = 2}", "p = {x = 1", "p = {",
	"p = {x = 1, z}", "p = {x = 1}\np.y = 2 3", "a = \"x", "a = \"x\ny\"", "a = 'x", "a = 'x\ny'",
	"a = \"\"\"x\n", "a = '''x\n", "a = \"\\q\"", "a = \"\\u12\"", "a = \"\\xg0\"", "a = \"z\\U0001\"",
	"a = 1_", "a = 1__2", "a = 01", "a = 1.", "a = 1.e2", "a = 9223372036854775808", "a = 2020-13-01",
	"a = 1\na.b = 2", "[a.b]\n[a.b]", "[a]\nb = 1\n[a.b]", "[[a]]\n[a]", "[a]\n[[a]]", "\"\"\"a\"\"\" = 1",
	"\"a b\"c = 1", "a = '\x01'", "a = 1\x7f", "\n\nb", "b = 1\n\n\nc\n", "a = \"\u00e9\" \u00e9", "' = 1",
	"x = true1", "x = inf\ny = nan\nz = infx", "d = 1979-05-27 07:32:00\ne = 07:32:00\nf = 1979-05-27",
}

var tomls = []string{"", "a = 1", "a = 1.5\nb = \"x\"\nc = true\n[t]\nx = [1, 2]\n[t.u]\ny = 1979-05-27T07:32:00Z\n", "a = [1, 2", "[x]\n[x]\n", "a = 1\na = 2", "d = 1979-05-27 07:32:00\ne = 07:32:00.5\nf = 1979-05-27\ng = 1979-05-27T07:32:00.25+02:00",
	"[[l]]\nn = 1\n[[l]]\nn = 2\n", "a.b.c = 3", "p = {x = 1, y = {z = 2}}", "s = '''\nraw\n'''\nm = \"\"\"\nx \\\n  y\"\"\"", "k = 0x1F\no = 0o17\nb = 0b11\nu = 1_000",
	"f = inf\nm = -1e3", "\"quoted key\" = 1\n'lit' = 2", "a = \"\\u00e9\\t\"", "x = [[1, 2], [\"a\"]]\n", "# only a comment\n", "a = 1 # c\n\n[e]\n", "a = true\r\nb = false\r\n"}

var handWritten = map[string][]string{
	"sharing": {
		`{{ $d := dict "a" 1 }}{{ $e := $d }}{{ $_ := set $e "b" 2 }}{{ $d }} {{ unset $d "a" }} {{ $e }}`,
		`{{ $in := dict "x" 1 }}{{ $m := merge (dict) (dict "k" $in) }}{{ $_ := set $in "y" 2 }}{{ $m }}`,
		`{{ $in := dict "x" 1 }}{{ $m := merge (dict "k" (dict "z" 0)) (dict "k" $in) }}{{ $_ := set $in "y" 2 }}{{ $m }}`,
		`{{ $in := dict }}{{ $m := merge (dict "k" (dict)) (dict "k" $in) }}{{ $_ := set $in "y" 2 }}{{ $m }}`,
		`{{ $a := dict "k" (dict "a" 1) }}{{ $c := deepCopy $a }}{{ $_ := set (index $a "k") "b" 2 }}{{ $c }}{{ $a }}`,
		`{{ $a := dict "k" (dict "a" 1) }}{{ $p := pick $a "k" }}{{ $_ := set (index $a "k") "b" 2 }}{{ $p }}`,
		`{{ $a := dict "l" (list 1) }}{{ $o := omit $a "z" }}{{ $_ := set $o "q" 1 }}{{ $a }}{{ $o }}`,
		`{{ $_ := set . "new" 1 }}{{ .new }}{{ hasKey . "new" }}`,
		`{{ $_ := mergeOverwrite .m (dict "b" (dict "c" nil "e" (list)) "z" "zz") }}{{ .m }}`,
		`{{ $l := list 1 2 3 }}{{ $k := append $l 4 }}{{ $l }}{{ $k }}{{ slice $k 1 3 }}`,
	},
	"merge": {
		`merge (dict "a" 0 "b" "" "c" false "d" (list) "e" nil "f" (dict)) (dict "a" 1 "b" "x" "c" true "d" (list 1) "e" 5 "f" (dict "g" 1))`,
		`mergeOverwrite (dict "a" 1 "b" "y" "c" true "d" (list 1) "e" 5 "f" (dict "g" 1)) (dict "a" 0 "b" "" "c" false "d" (list) "e" nil "f" (dict))`,
		`merge (dict "a" (dict "b" (dict "c" 1))) (dict "a" (dict "b" (dict "c" 2 "d" 3) "e" 4))`,
		`mergeOverwrite (dict "a" (dict "b" (dict "c" 1))) (dict "a" (dict "b" (dict "c" 2 "d" 3) "e" 4))`,
		`merge (dict "a" 1) (dict "a" (dict "b" 1))`, `mergeOverwrite (dict "a" 1) (dict "a" (dict "b" 1))`,
		`merge (dict "a" (dict "b" 1)) (dict "a" 1)`, `mergeOverwrite (dict "a" (dict "b" 1)) (dict "a" 1)`,
		`merge (dict "a" (list 1)) (dict "a" "x")`, `mergeOverwrite (dict "a" (list 1)) (dict "a" "x")`,
		`merge (dict "a" "x") (dict "a" (list 1))`, `mergeOverwrite (dict "a" "x") (dict "a" (list 1))`,
		`merge (dict "a" nil) (dict "a" (dict "b" nil))`, `mergeOverwrite (dict "a" nil) (dict "a" (dict "b" nil))`,
		`merge (dict) (dict "a" nil)`, `mergeOverwrite (dict) (dict "a" nil)`, `merge (dict "t" (semver "1.2.3")) (dict "t" 1)`,
		`merge (dict) (dict "a" 1) (dict "a" 2 "b" 3)`, `mergeOverwrite (dict) (dict "a" 1) (dict "a" 2 "b" 3)`,
		`mustMerge (dict "x" (dict)) (dict "x" (dict))`, `mustMergeOverwrite .m (dict "b" (dict "d" (list 9)))`,
		`merge (dict "a" (int 0)) (dict "a" (int64 0))`, `mergeOverwrite (dict "a" (splitList "," "x")) (dict "a" (list))`,
	},
	"lists": {
		`toJson (rest (list))`, `toYaml (dict "a" (rest (list)) "b" (list))`, `concat`, `toJson (concat (list) (list))`, `uniq (list 1 1.0 "1" (int64 1) 1)`,
		`has 1 (list 1.0 2)`, `has (dict "a" 1) (list (dict "a" 1))`, `has (list 1) (list (list 1.0))`, `without (list 1 2.0 "a" nil) 1 nil`,
		`chunk 2 (list 1 2 3)`, `chunk 0 (list 1 2 3)`, `chunk -1 (list 1 2 3)`, `chunk 5 (list)`, `sortAlpha (list 10 9 "b" "a" nil 1.5)`,
		`slice (list 1 2 3 4) 1`, `slice (list 1 2 3 4) 3 1`, `slice (list 1 2) 0 5`, `slice (splitList "," "a,b,c") 1 2`, `slice "abc" 1`, `slice (until 4) 2`,
		`first (splitList "," "a,b")`, `last (until 3)`, `initial (list 1)`, `reverse (until 3)`, `join "-" (until 4)`, `join "," (list 1 nil "a" 2.5 true)`,
		`index (until 3) 1 | typeOf`, `deepEqual (list 1) (list 1)`, `deepEqual (list) (rest (list))`, `deepEqual (dict "a" (list 1.0)) (dict "a" (list 1))`, `compact (list 0 1 "" "a" nil false (list) (dict))`,
		`dict`, `dict "a"`, `dict nil 1`, `dict 1 2 1.5 3 true 4`, `dict "a" 1 "a" 2`, `dig "a" "b" "d" (dict "a" (dict "b" 5))`, `dig "a" "x" "d" (dict "a" (dict "b" 5))`,
		`dig "a" "b" "d" (dict "a" 1)`, `dig "a" "d" .nope`, `dig 1 "d" .m`, `dig "b" "c" "d" .m`, `dig "z" "c" "d" .m`, `pluck "a" (dict "a" 1) (dict "b" 2) (dict "a" 3)`,
		`keys (dict "a" 1) (dict "b" 2)`, `keys .m | sortAlpha`, `values .one`, `pick .m "a" "nope" "z"`, `omit .m "a"`, `tuple 1 2`, `mustAppend 5 1`, `prepend .l "z"`, `all 1 "" 2`, `all`, `any`, `any 0 ""`,
		`coalesce 0 "" nil "x" 1`, `coalesce`, `ternary 1 2 true`, `ternary "a" "b" (empty .e)`, `default "d"`, `default true false`, `default "x" .nope`, `typeOf (chunk 1 .l)`, `kindOf nil`, `kindOf .m`, `kindIs "slice" .l`,
		`typeIs "float64" .i`, `typeIsLike "semver.Version" (semver "1.2.3")`, `typeOf (semver "1.2.3")`, `kindOf (semver "1.2.3")`, `typeOf (toDate "2006" "2020")`, `kindOf (toDate "2006" "2020")`,
		`typeOf (b64dec "YQ==")`, `typeOf (split "," "a,b")`, `typeOf (keys .m)`, `typeOf (regexFindAll "a" "b" -1)`, `toJson (regexFindAll "z" "b" -1)`, `typeOf (deepCopy (split "," "a,b"))`, `deepCopy (list 1 (dict "a" nil))`, `deepCopy nil`,
	},
	"strings": {
		`substr 0 5 "hello world"`, `substr -1 5 "hello"`, `substr 2 -1 "hello"`, `substr 3 1 "hello"`, `substr 9 -1 "hello"`, `substr -1 9 "hello"`, `substr -1 -1 "hello"`, `substr 9 12 "hello"`,
		`trunc -9 "abc"`, `trunc -2 "abc"`, `trunc 3 "héé"`, `repeat 3 "ab"`, `repeat -1 "a"`, `repeat 0 "a"`, `indent 2 "a\nb\n"`, `nindent 4 "a\n\nb"`, `indent -1 "a"`, `nindent -1 "x"`,
		`replace "" "-" "héj"`, `replace "a" "" "banana"`, `splitList "" "héj"`, `split "" "ab"`, `splitn "," 2 "a,b,c"`, `splitn "," 0 "a,b,c"`, `splitn "" 2 "abc"`, `split "$" "a$b$c" | toJson`, `splitList "," ""`,
		`trimAll "$" "$5.00$"`, `trimAll "" " x "`, `trimAll "é日" "日éaé日"`, `trimSuffix "-" "a--"`, `trimPrefix "" "a"`, `wrap 5 "hello there big world"`, `wrap 0 "ab cd"`, `wrap 3 "abcdefgh ij"`, `wrapWith 5 "\t" "Hello World"`, `wrapWith 3 "" "abcdefgh ij"`,
		`abbrev 5 "hello world"`, `abbrev 3 "hello"`, `abbrev 5 "hello"`, `abbrevboth 5 10 "1234 5678 9123"`, `abbrevboth 2 7 "hello world again"`, `abbrevboth 5 6 "x y z hello"`, `abbrevboth -5 8 "hello world again"`, `abbrevboth 10 7 "hello world again"`,
		`plural "one" "many" 1`, `plural "one" "many" (len .l)`, `cat "a" 1 nil 2.5 "b"`, `cat`, `cat nil`, `cat "" ""`, `cat " a " "b "`, `quote 1 "a" nil true .i`, `quote`, `quote nil`, `quote "" ""`, `squote "it's" nil 1`, `squote (list 1 "a")`,
		`quote (list "a" nil)`, `quote "\u2028\x00é"`, `toString nil`, `toString (list 1)`, `toString 1e6`, `toString .mil`, `toStrings (list 1 nil "a")`, `toStrings nil`, `toStrings "a"`, `toStrings (until 2)`, `contains "" "a"`, `hasPrefix "he" "hello"`, `hasSuffix "lo" "hello"`,
		`seq`, `seq 5`, `seq -3`, `seq 0`, `seq 2 5`, `seq 5 2`, `seq 0 2 10`, `seq 10 -3 1`, `seq 10 3 1`, `seq 1 -1 5`, `seq 1 0 5`, `seq 1 2 3 4`, `until 5`, `until -3`, `until 0`, `untilStep 0 10 3`, `untilStep 10 0 -3`, `untilStep 0 10 0`, `untilStep 10 0 3`, `untilStep 5 5 1`, `untilStep 0 -10 -3`,
		`round 123.5555 3`, `round 123.5555 3 .5`, `round -1.5 0`, `round 2.5 0`, `round "1.25" 1`, `round 123.4 -1`, `round 0.5 0 .6`, `round 1e300 300`, `floor -1.5`, `ceil 1.2`, `ceil "x"`, `floor .huge`, `max 1 "5" 2.9`, `min`, `biggest 1 2`, `maxf 1.5 "2.5"`, `minf -0.0 0`,
		`b64dec "YWJj"`, `b64dec "YWJ"`, `b64dec "YW=="`, `b64dec "Y==="`, `b64dec "YWJj\nZGVm"`, `b64dec "YW=x"`, `b64dec "YQ==x"`, `b64dec "!!!!"`, `b32dec "MFRGG==="`, `b32dec "MFRGG"`, `b32dec "MFRGG==="`, `b32dec "M1======"`, `b32dec "MFRGGZDF"`, `b32dec "mfrgg==="`, `b32dec "MFRG=A=="`, `b32enc "hello!!"`,
		`hello`, `fail "stop\nnow"`, `required "need it" .nope`, `required "need it" ""`, `required "x" 0`, `required "x" false`, `required "x" (dict)`, `getHostByName "localhost"`,
		`randAlphaNum 5 | len`, `randAlpha -1`, `randNumeric 0`, `randAscii 7 | len`, `randBytes 3 | len`, `randBytes -1`, `randInt 5 5`, `randInt 5 6`, `shuffle "a"`, `shuffle ""`, `uuidv4 | len`, `regexMatch "^[A-Za-z0-9]{12}$" (randAlphaNum 12)`,
		`regexMatch "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$" uuidv4`, `htpasswd "a:b" "x"`, `regexMatch "^u:\\$2a\\$10\\$.{53}$" (htpasswd "u" "p")`, `bcrypt "p" | len`, `bcrypt (repeat 73 "x")`,
		`encryptAES "k" "" | len`, `decryptAES "k" (encryptAES "k" "secret text here")`, `decryptAES "a" ""`, `decryptAES "k" "YWJj"`, `decryptAES "k" "YWJjZGVmZ2hpamtsbW5vcA=="`, `decryptAES "k" "YWJjZGVmZ2hpamtsbW5vcHE="`, `decryptAES "k" "!"`, `decryptAES "secretkey" "30tEfhuJSVRhpG97XCuWgz2okj7L8vQ1s6V9zVUPeDQ="`,
		`derivePassword 1 "long" "password" "user" "example.com"`, `derivePassword 2 "maximum" "password" "user" "example.com"`, `derivePassword 1 "medium" "pässword" "user" "x"`, `derivePassword 1 "short" "p" "u" "s"`, `derivePassword 1 "basic" "p" "u" "s"`, `derivePassword 1 "pin" "p" "u" "s"`, `derivePassword 1 "foo" "p" "u" "s"`,
		`genPrivateKey "foo"`, `regexMatch "BEGIN EC PRIVATE KEY" (genPrivateKey "ecdsa")`, `regexMatch "BEGIN PRIVATE KEY" (genPrivateKey "ed25519")`, `regexMatch "BEGIN RSA PRIVATE KEY" (genPrivateKey "rsa")`, `typeOf (genCA "x" 10)`, `kindOf (genCA "x" 1)`, `genSelfSignedCert "x" (list "1.2.3.4.5") nil 1`,
		`genSelfSignedCert "x" (list 5) nil 1`, `genSelfSignedCert "x" nil (list 5) 1`, `genSelfSignedCert "x" (splitList "," "1.1.1.1") nil 1`, `genCAWithKey "x" 1 "nokey"`, `genCAWithKey "x" 1 "-----BEGIN FOO-----\nYQ==\n-----END FOO-----\n"`, `genCAWithKey "x" 1 "-----BEGIN FOO PRIVATE KEY-----\nYQ==\n-----END FOO PRIVATE KEY-----\n"`,
		`buildCustomCert "!" "x"`, `buildCustomCert "YQ==" "!"`, `buildCustomCert "YQ==" "YQ=="`, `{{ $ca := genCA "ca" 5 }}{{ $c := genSignedCert "x" (list "10.0.0.1") (list "a.b") 5 $ca }}{{ regexMatch "BEGIN CERTIFICATE" $c.Cert }}{{ (buildCustomCert (b64enc $c.Cert) (b64enc $c.Key)).Key | eq $c.Key }}{{ $c.Nope }}`,
		`genSelfSignedCert "x" nil (list "é") 1`, `genCA "x" "y"`, `genSignedCert "x" nil nil 1 (dict)`,
	},
	"dates": {
		`date "2006-01-02" (int64 0)`, `date "2006" "not a date" | len`, `htmlDate (int64 86400)`, `htmlDateInZone (int64 86400) "Nope/Zone"`, `htmlDateInZone (int 0) "America/New_York"`, `dateInZone "15:04 MST" (int64 0) "Local"`, `dateInZone "15:04" (int64 0) ""`,
		`duration 95`, `duration "95"`, `duration (int64 95)`, `duration "x"`, `duration "-3661"`, `duration (int64 9223372036854775807)`, `durationRound "2h10m5s"`, `durationRound "2400h10m5s"`, `durationRound "24h"`, `durationRound "-25h"`, `durationRound (int64 1500000000)`, `durationRound "1s"`, `durationRound "61m"`, `durationRound 5`, `durationRound "x"`, `durationRound "9000h"`,
		`toDate "2006-01-02" "2020-02-30"`, `toDate "2006-01-02" "2020-02-29"`, `mustToDate "2006-01-02" "x"`, `mustToDate "2006-01-02" "2020-13-01"`, `mustToDate "Jan _2 15:04:05 2006" "Feb  3 04:05:06 2021"`, `toDate "2006-01-02T15:04:05Z07:00" "2021-03-04T05:06:07+02:00"`, `unixEpoch (toDate "2006-01-02" "2020-02-29")`,
		`dateModify "-1.5h" (toDate "2006-01-02" "2020-02-29")`, `dateModify "bad" (toDate "2006-01-02" "2020-02-29")`, `mustDateModify "bad" (toDate "2006-01-02" "2020-02-29")`, `date_modify "+24h" (toDate "2006-01-02" "2020-02-29") | date "Mon"`, `(toDate "2006-01-02" "2020-02-29").Year`, `(toDate "2006-01-02" "2020-02-29").Month`, `(toDate "2006-01-02" "2020-02-29").Weekday | toString`,
		`(toDate "2006-01-02" "2020-02-29").Format "Jan 2"`, `((toDate "2006-01-02" "2020-02-29").AddDate 1 1 1).String`, `(toDate "2006-01-02" "2020-02-29").Unix`, `((toDate "2006-01-02" "2020-02-29").Sub (toDate "2006-01-02" "2020-02-28")).Hours`, `(toDate "2006-01-02" "2020-02-29").Sub (toDate "2006-01-02" "2020-02-28")`, `int (toDate "2006-01-02" "2020-02-29").Month`,
		`quote (toDate "2006-01-02" "2020-02-29")`, `toYaml (dict "t" (toDate "2006-01-02" "2020-02-29"))`, `toToml (dict "t" (toDate "2006-01-02" "2020-02-29"))`, `(toDate "2006-01-02" "2020-02-29").Nope`, `ago (int64 0) | typeOf`, `typeOf now`, `now | date "x"`, `toDate "x" "y"`,
	},
	"semver": {
		`(semver "1.2.3-rc.1+b").Major`, `(semver "v1.2").Original`, `(semver "v1.2").String`, `semver "1.2.3-rc.1+b" | toString`, `(semver "1.2.3-rc.1+b").Prerelease`, `(semver "1.2.3-rc.1+b").Metadata`, `(semver "1.2.3").IncMinor`, `(semver "1.2.3").IncMajor.String`, `(semver "1.2.3-rc").IncPatch`, `(semver "1.2.3").Compare (semver "1.2.4")`,
		`semver "x"`, `semver ""`, `semver "1.2.3.4"`, `semver "01.2.3"`, `semver "1.2.3-01"`, `(semver "1.2.3").LessThan (semver "2")`, `(semver "1.2.3").Equal (semver "1.2.3+x")`, `(semver "1.2.3").Nope`, `toJson (semver "v1.2")`, `toToml (dict "v" (semver "1.2.3"))`, `(semver "1.2.3").Major | typeOf`, `add (semver "1.2.3").Minor 1`, `semver "18446744073709551616.0.0"`,
	},
	"urls": {
		`urlJoin (dict "scheme" "http" "host" "h:80" "path" "/p q" "query" "a=b" "fragment" "f g" "userinfo" "u:p@x")`, `urlJoin (dict "host" "h" "path" "p")`, `urlJoin (dict "path" "a:b")`, `urlJoin (dict "scheme" 5)`, `urlJoin (dict "scheme" nil)`, `urlJoin (dict "opaque" "o" "scheme" "s")`, `urlJoin (dict "host" "h" "userinfo" "%zz")`, `urlJoin (dict)`, `urlJoin (dict "path" "*")`, `urlJoin (dict "host" "h" "userinfo" "a b")`, `urlJoin (dict "path" "//x")`,
	},
	"formats": {
		`toYaml .`, `toJson .`, `toPrettyJson .m`, `toRawJson (dict "a" "<&>")`, `toJson (dict "a" "<&>")`, `toYamlPretty .m`, `toYamlPretty (list (dict "a" (list 1 2)))`, `toToml .one`, `toToml (dict "a" (list 1 "x") "t" (dict "b" 1.5 "u" (dict "c" true)) "l" (list (dict "n" 1) (dict "n" 2)) "k k" "v\"\n")`,
		`toToml (dict "a" (list 1 nil))`, `toToml (list 1 2)`, `toToml (list (dict "a" 1))`, `toToml "x"`, `toToml nil`, `mustToToml (dict "a" (list nil))`, `toToml (dict "a" nil "b" (dict))`, `toToml (dict "a" (list (dict "x" 1) 2))`, `toToml (dict "a" (list (list (dict "x" nil "y" 2))))`, `toToml (dict "f" 1e21 "g" 100000.0 "h" .mil "i" 0.1 "z" -0.0)`,
		`toToml (dict "a" (dict "b" (dict "c" 1)) "" 2)`, `toToml .`, `toToml (dict "e" (list) "m" (dict "l" (list)))`, `toToml (dict "b" ("//4=" | b64dec))`, `toToml (split "," "a,b")`, `toToml (dict "n" (rest (list)))`, `fromYaml "a: [1, 2"`, `fromYaml "- 1"`, `fromYaml ""`, `fromYaml "a: 1\n---\nb: 2"`, `fromYaml "y: yes\n1: x"`, `fromYaml "5"`,
		`fromYamlArray "[1, a]"`, `fromYamlArray "a: 1"`, `fromYamlArray ""`, `fromYamlArray "["`, `fromJson "{\"a\":1}"`, `fromJson "[1]"`, `fromJson "x"`, `fromJson ""`, `fromJson "null"`, `fromJson "{\"a\":1}x"`, `fromJsonArray "[1,\"a\",null]"`, `fromJsonArray "{}"`, `fromJsonArray ""`, `fromJsonArray "5"`, `mustFromJson "5"`, `mustFromJson "{"`, `mustFromJson "[1,]"`, `mustFromJson "null"`, `mustToJson nil`, `mustToYaml .one`, `toYaml nil`, `toYaml ""`, `toPrettyJson (list)`, `toPrettyJson (list (dict) 1)`,
		`toJson (genCA "x" 1) | len | lt 100`, `toYaml (list nil (list) (dict) "" 1.0 1e21)`, `fromYaml "a: 9007199254740993"`, `fromYaml (toYaml .m) | toYaml`, `toJson (until 3)`, `toJson (split "," "a,b")`, `toJson ("//4=" | b64dec)`, `fromYaml "a: b: c"`, `fromYaml "\ta: 1"`, `fromYaml "a: &x 1\nb: *x"`, `fromYaml "a: *x"`, `fromYaml "{a: 1, a: 2}"`, `fromYaml "null"`,
	},
}
