package main

import (
	"io/fs"
	"math/rand"
	"strings"
	"time"

	"helm.sh/helm/v4/pkg/ignore"
)

type info struct {
	name string
	dir  bool
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return 0 }
func (i info) Mode() fs.FileMode  { return 0 }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return i.dir }
func (i info) Sys() any           { return nil }

var paths = []string{"a", "b.yaml", "x.bak", "a/b", "a/b.bak", "a/b/c.yaml", "docs", "docs/a.md", "templates/.x", "templates/a.yaml",
	"templates/sub/.y", ".git", ".git/config", "é.txt", "[x]", "a b", "*", "#c", "!keep", "keep", "a/keep", "cargo/a.txt"}

var rules = []string{"", "a", "/a", "a/", "/a/", "*.bak", "a/*.bak", "/*.yaml", "a/b", "/a/b", "docs/", "docs/*", "/docs/a.md", "!a", "!/a",
	"!*.bak", "!a/", "!docs/", "*", "/*", "?", "??", "[ab]*", "[!a]*", "[^a]*", "[a-c]/b", "[", "[a-", "a[", "\\*", "\\[x]", "\\#c", "\\!keep", "\\",
	"# comment", "#c", " a ", "\ta", "a #c", "a\\ b", "a b", "**", "a/**", "**/b", "a**b", "!**", "!", "/", "//", "!/", "./a", "../a",
	"cargo/*.*", "cargo/*.txt", "!cargo/a.txt", "é*", "*.md", "a/b/", "a/b/c.yaml", "templates/.?*", "*/b", "*/*", "*/*/*", ".git", ".*", "[[:alpha:]]",
	"a\r", "keep", "!keep", "{a,b}", "a/../b", "[]a]", "[a", "x.b?k"}

func ignoreCase(text_ string) record {
	r := record{"rules": text_}
	parsed, err := ignore.Parse(strings.NewReader(text_))
	if err != nil {
		return setError(r, err)
	}
	parsed.AddDefaults()
	var answers strings.Builder
	for _, path := range paths {
		name := path[strings.LastIndex(path, "/")+1:]
		for _, dir := range []bool{false, true} {
			if parsed.Ignore(path, info{name, dir}) {
				answers.WriteByte('1')
			} else {
				answers.WriteByte('0')
			}
		}
	}
	r["ignores"] = answers.String()
	return r
}

func ignoreRecords(r *rand.Rand) []record {
	out := []record{{"paths": paths}}
	for _, rule := range rules {
		out = append(out, ignoreCase(rule), ignoreCase(rule+"\n"), ignoreCase("!keep\n"+rule))
	}
	for i := 0; i < 200; i++ {
		var lines []string
		for n := 1 + r.Intn(4); n > 0; n-- {
			lines = append(lines, pick(r, rules))
		}
		out = append(out, ignoreCase(strings.Join(lines, pick(r, []string{"\n", "\r\n", "\n\n"}))))
	}
	return out
}
