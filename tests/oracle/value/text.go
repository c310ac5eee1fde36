package main

import (
	"encoding/base64"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/Masterminds/semver/v3"
	"github.com/gobwas/glob"
)

func recordSemver(s *sink) {
	versions := strings.Fields("1 1.2 1.2.3 v1.2.3 v1 01.2.3 1.02.3 1.2.3-a 1.2.3-alpha.1 1.2.3-alpha.01 1.2.3-rc1+b.1 1.2.3+b 1.2.3+ 1.2.3- 1.2.3.4 1.2.x x a 1.2.3-a..b 1.2.3-0 1.2.3-10 1.2.3-9 1.2.3-a.b.c 0.0.0 0.0.1 0.1.0 0.2.3 0.3.0 1.0.0 1.19.0 1.19.0-0 1.20.5-gke.100 2.0.0 2.0.0-beta 11.1.0 18446744073709551615.0.0 18446744073709551616.0.0 1.2.3-é V1.2.3 1..2 .1 1. 1.2. -1 1.2.3-+b 1.2.3--")
	versions = append(versions, "", " 1.2.3", "1.2.3 ", strings.Repeat("1", 257))
	constraints := strings.Split("|*|x|>=1.19-0|>=1.19.0|>1.2|>1|<2|<=1.2|=1.2|1.2|1.2.3|=1.2.3|!=1.2|!=1.2.3|!=1|!=1.2-a|~1|~1.2|~1.2.3|~>1.2|~0|~0.0.0|^1|^1.2.3|^0.2.3|^0.0.3|^0.0|^0|^0.2|^1.2.3-a|1.2 - 3|1.2.3 - 2.0.0|1.x|1.2.x|1.2.X|1.2.*|>=1.0 <2|>=1.0, <2|>=1.0,<2|>= 1.0 , < 2|<1 || >=2|<1||>=2|~1 || ~2.0.0-beta|=>1|=<1|>=1.0-0 <2.0-0|foo|>a|1.2.3.4|>=|>=1,|,|1 2|1  -  2|>=1.2.3-alpha.1|>1.2.3-alpha|v1|>=v1.2|^v1.2|^x|>x|!=x|=*|>=1.2.3+b|1||| | ||~1.2-0|0.x|*-0|>=0.0.0-0|!=1.x|>=1.2.3 !=1.2.5|1.2 - 2 || 3|9999999999999999999999|"+strings.Repeat("1", 513)+"|"+strings.Repeat("1||", 33), "|")
	constraints = append(constraints, "<1 || >=2", "<1||>=2", "~1 || ~2.0.0-beta", "1 || ", " || ", "||", "1.2 - 2 || 3", strings.Repeat("1||", 33)+"1")
	parsed := []*semver.Version{}
	for _, text := range versions {
		r := record{"version": text}
		v, err := semver.NewVersion(text)
		if err != nil {
			r["error"] = err.Error()
		} else {
			parsed = append(parsed, v)
			r["string"] = v.String()
			if v.Major() < 1<<63 {
				patch, minor, major := v.IncPatch(), v.IncMinor(), v.IncMajor()
				r["next"] = patch.Original() + " " + minor.Original() + " " + major.Original()
			}
		}
		if _, err := semver.StrictNewVersion(text); err != nil {
			r["strict"] = err.Error()
		}
		s.add(r)
	}
	for _, a := range parsed {
		order := ""
		for _, b := range parsed {
			order += map[int]string{-1: "<", 0: "=", 1: ">"}[a.Compare(b)]
		}
		s.add(record{"compare": a.Original(), "order": order})
	}
	for _, text := range constraints {
		r := record{"constraint": text}
		c, err := semver.NewConstraint(text)
		if err != nil {
			r["error"] = err.Error()
		} else {
			r["string"] = c.String()
			checks := ""
			reasons := [][]string{}
			for _, v := range parsed {
				checks += map[bool]string{true: "1", false: "0"}[c.Check(v)]
				_, errs := c.Validate(v)
				list := []string{}
				for _, e := range errs {
					list = append(list, e.Error())
				}
				reasons = append(reasons, list)
			}
			r["checks"] = checks
			r["reasons"] = reasons[3:6]
		}
		s.add(r)
	}
}

func recordGlobs(s *sink) {
	patterns := strings.Fields("* ** ? a *.yaml **.yaml dir/* dir/** */x [abc] [!abc] [a-z] [!a-z] [a-z]* {a,b} {a,b}c a{b,c}d {a*,b?} {a,{b,c}} {,a} a\\*b \\[a \\{a\\} [a-] [] [z-a] [a {a a} a,b {a,b}} *{x,y}* https://*.example.com/** git@*:*/* !a [é-ü] é* ??? **/x a**b *a*b*c [a-c-e] [ab-d] config/{a,b}/*.yaml")
	texts := strings.Fields("a b c d ab abc abd acd bx x.yaml dir/x.yaml dir/a/b dir/ dir x/x a/b/x *b a*b [a {a} a,b é ü https://x.example.com/a/b https://x.example.com git@h:o/r !a xx yx a} - ] zzz aXbYc config/a/x.yaml config/c/x.yaml")
	texts = append(texts, "")
	for _, separators := range []string{"", "/"} {
		for _, pattern := range patterns {
			r := record{"pattern": pattern, "separators": separators}
			g, err := glob.Compile(pattern, []rune(separators)...)
			if err != nil {
				r["error"] = true
			} else {
				matches := []string{}
				for _, text := range texts {
					if g.Match(text) {
						matches = append(matches, text)
					}
				}
				r["matches"] = matches
			}
			s.add(r)
		}
	}
	s.add(record{"texts": texts})
}

func recordPathMatch(s *sink) {
	r := rand.New(rand.NewSource(8))
	pick := func(chars string, n int) string {
		runes := []rune(chars)
		var b strings.Builder
		for ; n > 0; n-- {
			b.WriteRune(runes[r.Intn(len(runes))])
		}
		return b.String()
	}
	add := func(pattern, name string) {
		ok, err := filepath.Match(pattern, name)
		s.add(record{"pattern": pattern, "name": name, "match": ok, "error": errorText(err)})
	}
	for _, pattern := range strings.Fields("* a* *a a*b a?b [a-c] [^a-c] [a] [ab] [a-] [-a] [] [^] [^bc a[ a\\ \\* *x a*/b *.txt a/b/* [\\]a] [\\-] [x-a] a***b *é [α-ω] ab[^c] [a-b-c] *[a]") {
		for _, name := range strings.Fields("a ab acb a/b a/b/c x.txt axb - ] * é β abc abd b bx") {
			add(pattern, name)
		}
		add(pattern, "")
	}
	for n := 0; n < 1500; n++ {
		add(pick("ab*?[]^-\\/é", 1+r.Intn(6)), pick("ab/-é]", r.Intn(5)))
	}
}

func recordDoublestar(s *sink) {
	patterns := strings.Fields("* ** **/* a/** **/a a/**/b a/**/**/b **/*.yaml dir/**/*.yaml a** a**b *a** {a,b} {a,b}/c a/{b,c/**}/d **/{x,y}.yaml [ab] [^ab] [!ab] [a-c]x [] [a [-a] [a-] a\\* \\[a {a {a,{b,c}} {,a}b a? ?/b values-*.yaml envs/*/values.yaml a//b /a /** ** a/b/** **/b/** a/*/** a\\")
	paths := strings.Fields("a b ab a/b a/b/c a/c/d/b a/x c ax bx x.yaml dir/x.yaml dir/a/b/x.yaml y.yaml a* [a aXb a/b/d a/c/d a/c/e/d values-x.yaml envs/p/values.yaml a//b /a /a/b b/c x/b/y axb xa axxb aa")
	for _, pattern := range patterns {
		for _, path := range paths {
			ok, err := doublestar.Match(pattern, path)
			s.add(record{"pattern": pattern, "path": path, "match": ok, "error": errorText(err)})
		}
	}
}

func recordDurations(s *sink) {
	for _, text := range strings.Fields("0 +0 -0 1s 1.5h -1.5h 1h30m 1h30m10.5s 300ms 1us 1µs 1μs 1ns 1.5 s 1 . .s 1.s .5s -.5s - + 1d 1w 3000000h 9223372036854775807ns 9223372036854775808ns -9223372036854775808ns -9223372036854775809ns 0.100000000000000000000h 0.9223372036854775807s 1h1 1x1s 1é 1\\s 1.1.1s 1e3s 0.3333333333333333333h 2562047h47m16.854775807s 1hs --1s 1\"s 00001s") {
		r := record{"text": text}
		if d, err := time.ParseDuration(text); err != nil {
			r["error"] = err.Error()
		} else {
			r["nanoseconds"] = int64(d)
			r["string"] = d.String()
		}
		s.add(r)
	}
	r := rand.New(rand.NewSource(2))
	for n := 0; n < 300; n++ {
		d := time.Duration(r.Int63() >> r.Intn(62))
		if r.Intn(3) == 0 {
			d = -d
		}
		s.add(record{"text": d.String(), "nanoseconds": int64(d), "string": d.String()})
	}
}

func recordDates(s *sink) {
	zones := []string{"Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Casablanca", "Pacific/Apia"}
	locations := []*time.Location{time.UTC, time.FixedZone("", 5400), time.FixedZone("X", -3600*7)}
	s.add(record{"fixed": "", "offset": 5400})
	s.add(record{"fixed": "X", "offset": -3600 * 7})
	for _, name := range zones {
		data, err := os.ReadFile(filepath.Join("/usr/share/zoneinfo", name))
		if err != nil {
			panic(err)
		}
		location, err := time.LoadLocationFromTZData(name, data)
		if err != nil {
			panic(err)
		}
		locations = append(locations, location)
		s.add(record{"zone": name, "tzif": base64.StdEncoding.EncodeToString(data)})
	}
	layouts := []string{time.ANSIC, time.UnixDate, time.RubyDate, time.RFC822, time.RFC822Z, time.RFC850, time.RFC1123, time.RFC1123Z, time.RFC3339, time.RFC3339Nano, time.Kitchen, time.StampMicro, "2006-01-02", "Monday, January 2, 2006", "02/01/06 03:04:05.000 pm", "__2 002 2006", "_2 Jan _2006", "15h04m05s,999", "Z0700 Z07 Z07:00:00 -070000", "20060102150405", "Janx Monx 1/2 3:4:5PM", "", "2006-01-02T15:04:05.000000Z07:00", "MST -0700 -07:00:00", ".00 .99 0.0", "05.00a", "1 11 2 22"}
	r := rand.New(rand.NewSource(6))
	for n := 0; n < 500; n++ {
		location := locations[n%len(locations)]
		nanos := int64(0)
		if r.Intn(2) == 0 {
			nanos = r.Int63n(1000000000) / []int64{1, 1000, 1000000}[r.Intn(3)] * []int64{1, 1000, 1000000}[r.Intn(3)] % 1000000000
		}
		seconds := r.Int63n(8000000000) - 3000000000
		if r.Intn(20) == 0 {
			seconds = r.Int63n(600000000000) - 80000000000
		}
		t := time.Unix(seconds, nanos).In(location)
		layout := layouts[r.Intn(len(layouts))]
		text := t.Format(layout)
		s.add(record{"seconds": seconds, "nanos": nanos, "location": location.String(), "layout": layout, "text": text, "string": t.String()})
		addParse(s, layout, text, location)
		if len(text) > 0 {
			at := r.Intn(len(text))
			addParse(s, layout, text[:at]+string("09:-+ aZ."[r.Intn(9)])+text[at+1:], location)
		}
	}
	for _, pair := range [][2]string{{"2006-01-02", "2023-02-29"}, {"2006-01-02", "2024-02-29"}, {"2006-01-02", "2024-13-01"}, {"2006-01-02", "2024-1-1"}, {"2006-01-02 MST", "2024-01-01 CEST"}, {"2006-01-02 MST", "2024-07-01 CEST"}, {"2006-01-02 MST", "2024-07-01 GMT+3"}, {"2006-01-02 MST", "2024-07-01 +03"}, {"2006-01-02 MST", "2024-07-01 WXYZ"}, {"2006 002", "2024 366"}, {"2006 002", "2023 366"}, {"2006-01 002", "2023-02 033"}, {"2006-01 002", "2023-01 033"}, {"3:04PM", "12:30AM"}, {"3:04PM", "13:30PM"}, {"15:04:05", "24:00:00"}, {"15:04:05", "1:02:03.5"}, {"15:04:05", "1:2:3"}, {"2006-01-02 15:04:05 -0700", "2021-03-28 02:30:00 +0100"}, {"2006-01-02 15:04", "2021-03-28 02:30"}, {"2006-01-02 15:04", "2021-10-31 02:30"}, {"Jan", "JANUARY"}, {"January", "janUARY"}, {"2006-01-02", "2024-01-01x"}, {"2006-01-02", "é"}, {"Z07:00", "+25:00"}, {"Z07:00", "+24:61"}, {"05.000", "01.12"}, {"a 2006", "b 2006"}, {"2006", "200"}} {
		addParse(s, pair[0], pair[1], locations[3])
	}
}

func addParse(s *sink, layout, text string, location *time.Location) {
	r := record{"parse": text, "layout": layout, "location": location.String()}
	t, err := time.ParseInLocation(layout, text, location)
	if err != nil {
		r["error"] = err.Error()
	} else {
		r["seconds"] = t.Unix()
		r["nanos"] = t.Nanosecond()
		r["string"] = t.String()
	}
	s.add(r)
}
