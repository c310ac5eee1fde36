// Writes what `tiphys lint` must know and what its small judges are tested with, as Helm 4.2.4's own
// libraries say it (3.21.4 pins versions that say the same):
//
//	go run . deprecations   src/helm/lint_deprecations.inc: every built-in API that is deprecated
//	go run . judges         tests/vectors/helm/lint.jsonl: addresses, URLs, names, documents
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) == 2 {
		switch os.Args[1] {
		case "deprecations":
			deprecations()
			return
		case "judges":
			judges()
			return
		}
	}
	fmt.Fprintln(os.Stderr, "usage: go run . deprecations|judges")
	os.Exit(2)
}
