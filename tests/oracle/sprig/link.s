// Empty: it lets the Go compiler accept the body-less declaration in functions.go.
