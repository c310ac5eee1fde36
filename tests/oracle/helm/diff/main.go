// Command diff is `make fuzz-diff`: random templates, values, YAML, JSON, --set arguments and schemas, answered by Go
// and Helm in here and by Tiphys' fuzz_diff over a pipe. Disagreements are made small and printed, one JSON object a
// line. diff -seconds N -seed N DRIVER
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"math/rand"
	"os"
	"os/exec"
	"sort"
	"time"
)

type request struct {
	Kind     string `json:"kind"`
	Text     string `json:"text"`
	Partials string `json:"partials,omitempty"`
	Data     string `json:"data,omitempty"`
}

type answer struct {
	Out   string
	Error string
}

// The program under test, started anew when it dies.
type driver struct {
	path  string
	in    io.WriteCloser
	out   *bufio.Reader
	child *exec.Cmd
}

func (d *driver) start() {
	d.child = exec.Command(d.path)
	d.child.Stderr = os.Stderr
	d.in = must(d.child.StdinPipe())
	d.out = bufio.NewReaderSize(must(d.child.StdoutPipe()), 1<<20)
	check(d.child.Start())
}

func (d *driver) ask(r request) answer {
	if d.child == nil {
		d.start()
	}
	_, err := d.in.Write(append(must(json.Marshal(r)), '\n'))
	var line []byte
	if err == nil {
		line, err = d.out.ReadBytes('\n')
	}
	if err != nil {
		d.in.Close()
		err = d.child.Wait()
		d.child = nil
		return answer{Error: fmt.Sprintf("fuzz_diff ended: %v", err)}
	}
	var raw struct{ Out, Error []byte }
	check(json.Unmarshal(line, &raw))
	return answer{string(raw.Out), string(raw.Error)}
}

// One kind of case: how it is made and what Go says. An answer of nil isn't compared.
type kind struct {
	make  func(*rand.Rand) request
	judge func(request) *answer
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func disagree(d *driver, k kind, r request) (*answer, answer, bool) {
	want := k.judge(r)
	if want == nil {
		return nil, answer{}, false
	}
	got := d.ask(r)
	return want, got, *want != got
}

// Takes pieces of the text away as long as both sides still disagree.
func minimise(d *driver, k kind, r request) request {
	for size := len(r.Text) / 2; size > 0; size /= 2 {
		for at := 0; at+size <= len(r.Text); {
			smaller := r
			smaller.Text = r.Text[:at] + r.Text[at+size:]
			if _, _, still := disagree(d, k, smaller); still {
				r = smaller
			} else {
				at += max(size/2, 1)
			}
		}
	}
	for _, data := range []string{"{}", "null"} {
		smaller := r
		smaller.Data = data
		if _, _, still := disagree(d, k, smaller); r.Data != "" && still {
			r = smaller
			break
		}
	}
	return r
}

func main() {
	seconds := flag.Int("seconds", 60, "how long")
	seed := flag.Int64("seed", time.Now().UnixNano(), "where the cases come from")
	only := flag.String("kind", "", "this kind alone")
	most := flag.Int("most", 50, "stop after so many findings")
	flag.Parse()
	log.SetOutput(io.Discard)
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	d := &driver{path: flag.Arg(0)}
	var names []string
	for name := range kinds {
		if *only == "" || *only == name {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	fmt.Fprintln(os.Stderr, "fuzz-diff: seed", *seed)
	r := rand.New(rand.NewSource(*seed))
	cases, findings, errors := map[string]int{}, 0, 0
	seen := map[string]bool{}
	for end := time.Now().Add(time.Duration(*seconds) * time.Second); time.Now().Before(end) && findings < *most; {
		name := names[r.Intn(len(names))]
		k := kinds[name]
		one := k.make(r)
		one.Kind = name
		cases[name]++
		want, _, differs := disagree(d, k, one)
		if want != nil && want.Error != "" {
			errors++
		}
		if !differs {
			continue
		}
		one = minimise(d, k, one)
		want, got, differs := disagree(d, k, one)
		if !differs || seen[one.Text] {
			continue
		}
		seen[one.Text] = true
		findings++
		encoder := json.NewEncoder(os.Stdout)
		encoder.SetEscapeHTML(false)
		check(encoder.Encode(map[string]any{"case": one, "want": *want, "got": got}))
	}
	total := 0
	for _, n := range cases {
		total += n
	}
	fmt.Fprintf(os.Stderr, "fuzz-diff: %d cases %v, %d of them errors of Go; %d findings\n", total, cases, errors, findings)
	if findings > 0 {
		os.Exit(1)
	}
}
