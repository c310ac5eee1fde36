// Replays requests against an API server: the yardstick beside which the controller is measured.
//
//	replay -server https://host:port -ca FILE -cert FILE -key FILE [-connections 8] < requests
//
// Each line of the input is a JSON list of {method, path, type, body}, sent one after the other; lines are
// shared out over the connections. Prints the seconds it took.
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"time"
)

type request struct {
	Method string          `json:"method"`
	Path   string          `json:"path"`
	Type   string          `json:"type"`
	Body   json.RawMessage `json:"body"`
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "replay:", err)
	os.Exit(1)
}

func client(ca, cert, key string) *http.Client {
	pem, err := os.ReadFile(ca)
	if err != nil {
		fail(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		fail(err)
	}
	// Without HTTP/2 each client keeps one connection of its own.
	return &http.Client{Transport: &http.Transport{
		MaxConnsPerHost: 1,
		TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}},
		TLSNextProto:    map[string]func(string, *tls.Conn) http.RoundTripper{},
	}}
}

func send(c *http.Client, server string, r request) error {
	made, err := http.NewRequest(r.Method, server+r.Path, bytes.NewReader(r.Body))
	if err != nil {
		return err
	}
	made.Header.Set("Content-Type", r.Type)
	answer, err := c.Do(made)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= 400 {
		err = fmt.Errorf("%s %s: %d %.300s", r.Method, r.Path, answer.StatusCode, text)
	}
	return err
}

func main() {
	server := flag.String("server", "", "URL of the API server")
	ca := flag.String("ca", "", "certificate authority")
	cert := flag.String("cert", "", "client certificate")
	key := flag.String("key", "", "client key")
	connections := flag.Int("connections", 8, "how many at a time")
	flag.Parse()
	var lists [][]request
	for in := bufio.NewReader(os.Stdin); ; {
		line, err := in.ReadBytes('\n')
		if len(line) > 1 {
			var list []request
			if bad := json.Unmarshal(line, &list); bad != nil {
				fail(bad)
			}
			lists = append(lists, list)
		}
		if err != nil {
			break
		}
	}
	work := make(chan []request, len(lists))
	for _, list := range lists {
		work <- list
	}
	close(work)
	start := time.Now()
	var all sync.WaitGroup
	for range *connections {
		all.Add(1)
		go func() {
			defer all.Done()
			c := client(*ca, *cert, *key)
			for list := range work {
				for _, r := range list {
					if err := send(c, *server, r); err != nil {
						fail(err)
					}
				}
			}
		}()
	}
	all.Wait()
	fmt.Printf("%.3f\n", time.Since(start).Seconds())
}
