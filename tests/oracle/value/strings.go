package main

import (
	"math/rand"
	"strings"
)

// Strings that are hard to write as YAML.
var oddStrings = strings.Split("yes|y|n|No|on|off|true|null|~||1|1.0|1e3|0x1F|0o17|0b1|08|00|-0|1_000|1_|1__2|0x1_F|+1|.5|-.5|+.5|5.|1.e3|"+
	"1:20|1:20:30.5|2001-01-01|2001-1-1|2001-01-01 10:00:00|2001-01-01T10:00:00Z|20010101|.inf|+.inf|.NaN|.|12:70|1.2.3|v1.0|a:b|:a|?a|-a|a#b|a,b|<<|=|"+
	"1,000|1e|e1|0x|_1|0.1.|1e1000|Infinity|2001-01-01T10:00:00|a'b|a\"b|a\\b|-|- a|a: b|a #b|#a|? a|*a|&a|!a|%a|@a|`a|'a'|\"a\"|{a}|[a]|,a|> x|--- a|---|...|"+
	" a|a |{{ tpl }}|a:|:|: a|a :b|?|? |--|-1-|+|-|+-1|.e5|.5_0|._5|1._5|0b12|-0b11|0o8|0O17|0X1f|18446744073709551615|9223372036854775808|"+
	"-9223372036854775808|-9223372036854775809|1e400|1e-400|0.1e-7|123456789012345678901234567890|2001-02-30|2001-12-14t21:59:43.10-05:00|2001-12-14 21:59:43.10|"+
	"2001-1-1  1:1:1|2001-01-01T10:00:00+24:00|2001-01-01T10:00:00+25:00|2001-01-01T24:00:00Z|2001-01-01T1:2:3,5Z|yES|NULL|Null|nUll|TRUE|tRUE|ON|oN|\u00e9|\u00a0|a\u00a0b|"+
	"\u65e5\u672c|\U0001F600|a\U0001F600|\ufeffa|a\ufeff|\u2028|a\u2029b|\u0085|a\u0085b|a \u0085 b|a\u0085\u0085b|a\tb|\t|a\t|\ta|a\rb|\x00|\x1b[0m|\x7f|\u0080|\ufffe|a\x01|"+
	"a\nb|a\nb\n|a\nb\n\n|\na|\n|\n\n|a\n\nb|a\n b|a \nb|a\n b\n|  a\nb|a\nb |a\r\nb\r\n|a\tb\nc|- a\n- b\n|#a\nb|a\n#b|---\na|a\n---\nb|a\n...\n|\u00e9\n\u00e9|a\n\U0001F600|\n \na|a\n\n |"+
	"{}|[]|{|}|[|!!int 1|&x|*x|a  b|a   b   c|key: value # c|http://x/y|x=y|@|%|a%|!|a!|'|\"|''|a''b|\\|a\nb: c\n|0.0|-0.0|1e21|12e03|-2E+05|0x1p4|0_1|0b|0o|.1.|1.5e+|"+
	"i|I|t|T|f|Y1|10.0.0.1|10.0|1.10|v1|1m|500m|1Gi|1e2e3|1-2|2001-01|2001-01-01x|5:|5:6|05:60|5:6:7|5:66|-5:6|5_5:6|5:6._|<<: a|a <<|==|=a", "|")

var words = strings.Fields("a bb ccc dddd 1 10 - : # yes \u00e9 x: -y [z] {q} 'single' \"double\" e\u0301 \u65e5\u672c\u8a9e longer-words-here and|pipe \\back @at 100% https://example.com/a?b=c&d=e")

func randomText(r *rand.Rand) string {
	var b strings.Builder
	for n := 1 + r.Intn(30); n > 0; n-- {
		b.WriteString(words[r.Intn(len(words))])
		switch k := r.Intn(40); {
		case k == 0:
			b.WriteString("\n")
		case k == 1:
			b.WriteString("  ")
		case k == 2 && r.Intn(4) == 0:
			b.WriteString("\t")
		case k == 3 && r.Intn(3) == 0:
			b.WriteString(" \n")
		case k == 4 && r.Intn(3) == 0:
			b.WriteString("\n\n")
		case k == 5 && r.Intn(3) == 0:
			b.WriteString("\n ")
		case k == 6:
		default:
			b.WriteString(" ")
		}
	}
	text := b.String()
	if r.Intn(3) > 0 {
		text = strings.TrimSpace(text)
	}
	return text
}

const alphabet = "aZ09-_.:#,?[]{}&*!|>'\"%@` \n\\=+~/<\t"

func randomShort(r *rand.Rand) string {
	var b strings.Builder
	for n := r.Intn(7); n > 0; n-- {
		b.WriteByte(alphabet[r.Intn(len(alphabet))])
	}
	return b.String()
}

func randomNumberText(r *rand.Rand) string {
	const chars = "0123456789+-._eExob:T "
	var b strings.Builder
	for n := 1 + r.Intn(7); n > 0; n-- {
		if r.Intn(3) > 0 {
			b.WriteByte(chars[r.Intn(10)])
		} else {
			b.WriteByte(chars[r.Intn(len(chars))])
		}
	}
	return b.String()
}

func randomString(r *rand.Rand) string {
	switch r.Intn(8) {
	case 0, 1:
		return oddStrings[r.Intn(len(oddStrings))]
	case 2, 3:
		return randomText(r)
	case 4:
		return randomNumberText(r)
	case 5:
		return strings.Repeat("k", r.Intn(140))
	default:
		return randomShort(r)
	}
}
