package main

import (
	"errors"
	"math/rand"
	"strings"

	"helm.sh/helm/v4/pkg/strvals"
)

const intoText = `{"a":{"b":[1,{"c":null},[2]],"s":"text"},"l":[],"n":null,"t":true,"x":1.5}`

// What is set by hand: the grammar's corners.
var settings = []string{
	"", "a", "a=", "a=1", "a=-1", "a=01", "a=0", "a=00", "a=1.0", "a=1e3", "a=0x10", "a=true", "a=TRUE", "a=True",
	"a=yes", "a=null", "a=NULL", "a=Null", "a=nil", "a=~", "a= 1", "a=1 ", " a=1", "a =1", "a=9223372036854775807",
	"a=9223372036854775808", "a=-9223372036854775808", "a=+1", "a=1_000", "a=1,b=2", "a=1,", ",a=1", ",", "a=1,,b=2",
	"a.b=1", "a.b.c=1", ".a=1", "a.=1", "a..b=1", "a.b", "a.b,c=1", "a.b=1,a.c=2", "a\\.b=1", "a\\,b=1", "a\\=b=1",
	"a=b\\,c", "a=b\\\\c", "a=b\\", "a=\\", "a=b=c", "a==", "=1", "=", "a[0]=1", "a[1]=x", "a[0].b=1", "a[0][0]=1",
	"a[0]", "a[0]=", "a[0],b=1", "a[-1]=1", "a[x]=1", "a[]=1", "a[0=1", "a[=1", "a]=1", "a[0]b=1", "a[ 0]=1", "a[00]=1",
	"a[65536]=1", "a[65537]=1", "a[99999999999999999999]=1", "a={}", "a={1}", "a={1,2}", "a={a,b}", "a={a", "a={", "a={a,",
	"a={a,b}c", "a={a},b=1", "a={{a}}", "a={a\\,b}", "a={true,null,1}", "a={,}", "a={ }", "a={a}}", "a={a=b}", "a=[1]",
	"a={1},", "l[0]=1", "l[2].k=v", "l={1}", "l=x", "n=1", "n.a=1", "n[0]=1", "t.a=1", "t[0]=1", "x.y=1", "a.b[1].c=1",
	"a.b[2][0]=1", "a.b[2][3]=1", "a.b[0].x=1", "a.b[0][0]=1", "a.s.t=1", "a.s[0]=1", "a.b.c=1", "a=null", "a.b=null",
	"a.b[0]=null", "a.b[1]=null", "a.b[1].c=null", "a.b[9]=null", "zz=null", "a.zz.y=null", "a={null}", "a.b[1]={}",
	"a.b={}", "é=ü", "a=\t", "a=\n", "a\n=1", "a=\"x\"", "a='x'", "a=$x", "a=#x", "a=x y", "a b=1", "a=x,b", "a=x,b=",
	"a[0].b[1].c=x", "a[1].b=x,a[0].b=y", "m.0=1", "m[0].a=1,m[0].b=2", "m[0]=1,m[0]=2", "m.a=1,m=2", "m=1,m.a=2",
	"m={1,2},m[1]=3", "m={1},m[2]=3", "m[0].=1", "m[0].a.b=1", "m[0][1].a=2", "m[0]={1,2}", "m[0].a={1,2}", "a.b.=x",
	"a[0].b.=x", "a\\[0]=1", "a.b\\.c.d=1", "a[0]x", "a[0]x=1", "a[0]{=1", "a{=1", "a}=1", "{a=1", "a={b,c},d={e,f}",
	"a=1\\,b=2", "a=\\{b,c}", "a=b{c,d}", "a={b},{c}", "a.b[1]", "a.b[1].", "a.b[1],", "a[0],", "a.[0]=1", "[0]=1", "a.b.[0]=1",
}

var jsonSettings = []string{
	`a={"x":1}`, `a=[1,2]`, `a="s"`, `a=1`, `a=null`, `a=`, `a=,b=1`, `a=true`, `a=x`, `a={"x"`, `a=[1`, `a={"x":1},b=[2]`,
	`a.b={"x":1}`, `a[0]={"x":1}`, `a[0].b=[1]`, `a={"x":1}y`, `a=1 2`, `a= 1`, `a="x,y",b="z"`, `a="\u00e9"`, `a='x'`,
	`a=1.50`, `a=1e400`, `a=12345678901234567890`, `{"a":1}`, `a.b[1]={"c":2}`, `a.b[1].c={"d":2}`, `l[1]=null`, `a=nul`,
	`a={"x":1} ,b=2`, `a={"x":{"y":null}}`, `a="a\=b"`, `a`, ``, `=1`, `a[0]`, `a[x]=1`, `t.x=1`, `n.x=1`, `x.y[1]=2`,
}

func set(function, into, text_ string) record {
	data := tree(into)
	var err error
	switch function {
	case "set":
		err = strvals.ParseInto(text_, data)
	case "string":
		err = strvals.ParseIntoString(text_, data)
	case "json":
		err = strvals.ParseJSON(text_, data)
	case "literal":
		err = strvals.ParseLiteralInto(text_, data)
	case "file":
		err = strvals.ParseIntoFile(text_, data, func(path []rune) (any, error) {
			if strings.Contains(string(path), "missing") {
				return nil, errors.New("open " + string(path) + ": no such file or directory")
			}
			return "content of " + string(path), nil
		})
	}
	return setError(record{"fn": function, "into": into, "text": text_, "out": text(data)}, err)
}

// A random argument from the grammar, now and then with a character that doesn't belong.
func randomSetting(r *rand.Rand, json bool) string {
	var out strings.Builder
	for i, n := 0, 1+r.Intn(3); i < n; i++ {
		if i > 0 {
			out.WriteString(",")
		}
		out.WriteString(pick(r, []string{"a", "l", "n", "t", "x", "k", "b\\.c", "zz"}))
		for j := r.Intn(4); j > 0; j-- {
			out.WriteString(pick(r, []string{".b", ".c", ".s", "[0]", "[1]", "[2]", ".k\\,k"}))
		}
		if r.Intn(12) > 0 {
			out.WriteString("=")
		}
		if json {
			out.WriteString(pick(r, []string{"1", "null", `"s"`, "[1,{}]", `{"k":[null]}`, "true", "x", "", "1.5"}))
		} else {
			out.WriteString(pick(r, []string{"1", "v", "null", "true", "", "{x,1}", "{}", "a b", "\\,", "01", "missing", "1.5"}))
		}
	}
	result := out.String()
	if r.Intn(4) == 0 {
		at := r.Intn(len(result) + 1)
		result = result[:at] + pick(r, []string{",", ".", "=", "[", "]", "{", "}", "\\", " ", "é", "0", "-"}) + result[at:]
	}
	return result
}

func strvalsRecords(r *rand.Rand) []record {
	var out []record
	for _, s := range settings {
		for _, into := range []string{"{}", intoText} {
			out = append(out, set("set", into, s))
		}
		for _, function := range []string{"string", "literal", "file"} {
			out = append(out, set(function, intoText, s))
		}
	}
	for _, s := range jsonSettings {
		out = append(out, set("json", intoText, s))
	}
	for i := 0; i < 600; i++ {
		function := pick(r, []string{"set", "set", "string", "json", "literal", "file"})
		out = append(out, set(function, pick(r, []string{"{}", intoText}), randomSetting(r, function == "json")))
	}
	return out
}
