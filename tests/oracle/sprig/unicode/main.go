// Command unicode prints src/sprig/unicode_tables.inc: the classes and case mappings of the Unicode
// version that Go's package unicode knows. go run ./unicode > ../../../src/sprig/unicode_tables.inc
package main

import (
	"fmt"
	"unicode"
)

// Several rows a line.
func end(i int) string {
	if i%4 == 3 {
		return "\n"
	}
	return " "
}

func ranges(name string, tables ...*unicode.RangeTable) {
	var list [][2]rune
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !unicode.In(r, tables...) {
			continue
		}
		if n := len(list); n > 0 && list[n-1][1] == r-1 {
			list[n-1][1] = r
		} else {
			list = append(list, [2]rune{r, r})
		}
	}
	fmt.Printf("constexpr std::array<Range, %d> %s = {{\n", len(list), name)
	for i, r := range list {
		fmt.Printf("{0x%X, 0x%X},%s", r[0], r[1], end(i))
	}
	fmt.Println("}};")
}

func main() {
	fmt.Println("// Made by tests/oracle/sprig/unicode from Go's package unicode, version " + unicode.Version + ".")
	ranges("kUpper", unicode.Upper)
	ranges("kLower", unicode.Lower)
	ranges("kTitle", unicode.Title)
	ranges("kLetter", unicode.Letter)
	ranges("kDigit", unicode.Digit)
	ranges("kNumber", unicode.Number)
	ranges("kPunct", unicode.Punct)
	fmt.Printf("constexpr std::array<CaseRange, %d> kCases = {{\n", len(unicode.CaseRanges))
	for i, c := range unicode.CaseRanges {
		fmt.Printf("{0x%X, 0x%X, {%d, %d, %d}},%s", c.Lo, c.Hi, c.Delta[0], c.Delta[1], c.Delta[2], end(i))
	}
	fmt.Println("}};")
}
