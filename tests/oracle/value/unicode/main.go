// Prints the tables of src/value/unicode_class.cpp: go run ./unicode
package main

import (
	"fmt"
	"unicode"
)

type span struct{ first, last rune }

func spans(table *unicode.RangeTable) []span {
	var out []span
	add := func(first, last, stride rune) {
		for c := first; c <= last; c += stride {
			if n := len(out); n > 0 && out[n-1].last+1 == c {
				out[n-1].last = c
			} else {
				out = append(out, span{c, c})
			}
		}
	}
	for _, r := range table.R16 {
		add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	for _, r := range table.R32 {
		add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	return out
}

func dump(name string, table *unicode.RangeTable) {
	fmt.Printf("constexpr Range %s[] = {\n", name)
	line := "   "
	for _, s := range spans(table) {
		text := fmt.Sprintf(" {0x%X, 0x%X},", s.first, s.last)
		if len(line)+len(text) > 100 {
			fmt.Println(line)
			line = "   "
		}
		line += text
	}
	fmt.Println(line)
	fmt.Println("};")
}

func main() {
	dump("kLetters", unicode.Letter)
	fmt.Println()
	dump("kDigits", unicode.Nd)
}
