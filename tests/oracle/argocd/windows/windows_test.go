// Package windows records Argo CD's sync windows. Argo CD asks the clock itself, so the recording is a test:
// testing/synctest moves that clock. WINDOWS_OUT names the file.
package windows

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"
	_ "time/tzdata"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/sirupsen/logrus"
)

type window = v1alpha1.InlineSyncWindow

type input struct {
	Windows   []window                        `json:"windows"`
	App       string                          `json:"app"`
	To        v1alpha1.ApplicationDestination `json:"destination"`
	Now       string                          `json:"now"`
	StartedAt string                          `json:"startedAt,omitempty"`
	Manual    bool                            `json:"manual,omitempty"`
}

type answer struct {
	Matching []int  `json:"matching"` // indices of the windows that concern the application
	Active   []int  `json:"active"`   // of those
	CanSync  bool   `json:"canSync"`
	Error    string `json:"error,omitempty"`
}

func TestRecord(t *testing.T) {
	path := os.Getenv("WINDOWS_OUT")
	if path == "" {
		t.Skip("WINDOWS_OUT names no file")
	}
	logrus.SetLevel(logrus.FatalLevel)
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	buffered := bufio.NewWriter(file)
	defer buffered.Flush()
	out := json.NewEncoder(buffered)
	out.SetEscapeHTML(false)
	n := 0
	seen := map[string]int{}
	ask := func(id string, in input) {
		want := asked(t, in)
		seen[id]++
		if seen[id] > 1 {
			id = fmt.Sprintf("%s #%d", id, seen[id])
		}
		if err := out.Encode(struct {
			ID   string `json:"id"`
			In   input  `json:"in"`
			Want answer `json:"want"`
		}{id, in, want}); err != nil {
			t.Fatal(err)
		}
		n++
	}
	all(ask)
	t.Log(n, "vectors")
}

func moment(text string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		panic(err)
	}
	return at
}

func asked(t *testing.T, in input) (out answer) {
	synctest.Test(t, func(*testing.T) {
		time.Sleep(time.Until(moment(in.Now)))
		windows := v1alpha1.SyncWindows{}
		index := map[*window]int{}
		for i := range in.Windows {
			w := in.Windows[i]
			windows = append(windows, &w)
			index[&w] = i
		}
		app := &v1alpha1.Application{}
		app.Name = in.App
		app.Spec.Destination = in.To
		out = answer{Matching: []int{}, Active: []int{}}
		matching := windows.Matches(app)
		if matching != nil {
			for _, w := range *matching {
				out.Matching = append(out.Matching, index[w])
			}
			if active, err := matching.Active(); err == nil && active != nil {
				for _, w := range *active {
					out.Active = append(out.Active, index[w])
				}
			}
		}
		var started *time.Time
		if in.StartedAt != "" {
			at := moment(in.StartedAt)
			started = &at
		}
		can, err := matching.CanSync(in.Manual, started)
		out.CanSync = can
		if err != nil {
			out.Error = err.Error()
		}
	})
	return out
}

func all(ask func(string, input)) {
	to := v1alpha1.ApplicationDestination{Name: "in-cluster", Namespace: "shop"}
	everywhere := func(kind, schedule, duration, zone string) window {
		return window{Kind: kind, Schedule: schedule, Duration: duration, TimeZone: zone, Applications: []string{"*"}}
	}
	for _, schedule := range []string{"0 9 * * *", "*/15 * * * *", "0 22 * * 5", "0 0 1 * *", "0 0 1 * 1", "0 0 29 2 *", "30 8-17/3 * * MON-FRI",
		"0 0 ? * sun", "5,35 10 * jan,MAR *", "0 0 31 * *", "59 23 31 12 *", "0 12 */2 * *", "0 12 2/10 * *", "0 0 * * 0,6", "10-20 3 * * ?",
		"* * * * *", "0 9 15 * 3"} {
		for _, duration := range []string{"1h", "30m", "24h", "90s", "1h30m", "72h"} {
			for _, at := range []string{"2026-11-20T09:00:00Z", "2026-11-23T09:00:00.5Z", "2026-12-31T23:59:30Z", "2027-03-01T00:30:00Z"} {
				ask("schedule "+schedule, input{Windows: []window{everywhere("allow", schedule, duration, "")}, App: "web", To: to, Now: at})
			}
		}
	}
	for _, zone := range []string{"", "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Kiritimati", "America/St_Johns"} {
		for _, at := range []string{"2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z",
			"2026-07-01T08:00:00Z", "2026-01-01T03:30:00Z", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "2026-03-08T07:00:00Z"} {
			ask("zone "+zone, input{Windows: []window{everywhere("deny", "0 2 * * *", "1h", zone)}, App: "web", To: to, Now: at})
			ask("zone "+zone+" by day", input{Windows: []window{everywhere("allow", "0 9 * * 1-5", "8h", zone)}, App: "web", To: to, Now: at})
		}
	}
	edges := []string{"2026-11-23T08:59:59.999Z", "2026-11-23T09:00:00Z", "2026-11-23T09:00:00.001Z", "2026-11-23T09:59:59Z", "2026-11-23T09:59:59.999Z", "2026-11-23T10:00:00Z", "2026-11-23T10:00:01Z"}
	for _, kind := range []string{"allow", "deny", "other", ""} {
		for _, at := range edges {
			ask("edge "+kind, input{Windows: []window{everywhere(kind, "0 9 * * *", "1h", "")}, App: "web", To: to, Now: at})
		}
	}
	for _, w := range []window{everywhere("deny", "bad", "1h", ""), everywhere("deny", "0 9 * * *", "soon", ""), everywhere("deny", "@daily", "1h", ""),
		everywhere("deny", "60 9 * * *", "1h", ""), everywhere("deny", "0 9 * * 7", "1h", ""), everywhere("deny", "0 9 0 * *", "1h", ""),
		everywhere("deny", "0 9 * *", "1h", ""), everywhere("deny", "", "1h", ""), everywhere("deny", "0 9 * * *", "", ""),
		everywhere("deny", "0 9 * * * *", "1h", ""), everywhere("deny", "5-1 9 * * *", "1h", ""), everywhere("deny", "*/0 9 * * *", "1h", ""),
		everywhere("deny", "1-2-3 9 * * *", "1h", ""), everywhere("deny", "*/2/3 9 * * *", "1h", ""), everywhere("deny", "0 9 * 13 *", "1h", ""),
		everywhere("deny", "0 9 * FOO *", "1h", ""), everywhere("deny", "0 9 * * *", "-1h", ""), everywhere("deny", "0 9 * * *", "0s", ""),
		everywhere("deny", "+5 9 * * *", "1h", ""), everywhere("deny", "-5 9 * * *", "1h", "")} {
		ask("text "+w.Schedule+" for "+w.Duration, input{Windows: []window{w}, App: "web", To: to, Now: "2026-11-23T09:30:00Z"})
		ask("text of another application "+w.Schedule+" for "+w.Duration, input{Windows: []window{w, everywhere("allow", "0 9 * * *", "1h", "")}[:1], App: "web", To: to, Now: "2026-11-23T12:30:00Z"})
	}
	matches(ask)
	mixes(ask)
}

func matches(ask func(string, input)) {
	lists := [][3][]string{
		{{"web"}, nil, nil}, {{"w*"}, nil, nil}, {{"api"}, nil, nil}, {{"*"}, nil, nil}, {nil, nil, nil}, {{"!web"}, nil, nil}, {{"[a-z]eb"}, nil, nil},
		{nil, {"shop"}, nil}, {nil, {"sh*", "x"}, nil}, {nil, {"other"}, nil}, {nil, nil, {"in-cluster"}}, {nil, nil, {"https://kubernetes.default.svc"}},
		{nil, nil, {"https://*"}}, {nil, nil, {"*"}}, {{"web"}, {"shop"}, nil}, {{"web"}, {"other"}, nil}, {{"api"}, {"shop"}, nil},
		{{"web"}, nil, {"in-cluster"}}, {{"web"}, nil, {"other"}}, {{"api"}, nil, {"in-cluster"}}, {nil, {"shop"}, {"in-cluster"}}, {nil, {"other"}, {"in-cluster"}},
		{nil, {"shop"}, {"other"}}, {{"web"}, {"shop"}, {"in-cluster"}}, {{"web"}, {"shop"}, {"other"}}, {{"api", "web"}, {"other"}, {"in-cluster", "x"}}, {{"team/*"}, nil, nil}, {{"{web,api}"}, nil, nil}, {{""}, nil, nil}, {nil, {""}, nil},
	}
	for _, list := range lists {
		for _, and := range []bool{false, true} {
			for _, to := range []v1alpha1.ApplicationDestination{{Name: "in-cluster", Namespace: "shop"}, {Server: "https://kubernetes.default.svc", Namespace: "shop"}, {Server: "https://kubernetes.default.svc"}} {
				w := window{Kind: "deny", Schedule: "* * * * *", Duration: "1h", Applications: list[0], Namespaces: list[1], Clusters: list[2], UseAndOperator: and}
				ask(fmt.Sprintf("match %q %q %q and=%v", list[0], list[1], list[2], and), input{Windows: []window{w}, App: "web", To: to, Now: "2026-11-23T09:30:00Z"})
			}
		}
	}
}

func mixes(ask func(string, input)) {
	to := v1alpha1.ApplicationDestination{Name: "in-cluster", Namespace: "shop"}
	var single []window
	for _, kind := range []string{"allow", "deny"} {
		for _, hour := range []string{"9", "12"} {
			for _, flags := range []int{0, 1, 2, 3} {
				single = append(single, window{Kind: kind, Schedule: "0 " + hour + " * * *", Duration: "2h", Applications: []string{"*"}, ManualSync: flags&1 != 0, SyncOverrun: flags&2 != 0})
			}
		}
	}
	for _, started := range []string{"", "2026-11-23T08:30:00Z", "2026-11-23T10:30:00Z", "2026-11-23T11:30:00Z"} {
		for _, now := range []string{"2026-11-23T09:30:00Z", "2026-11-23T11:45:00Z"} {
			if started > now {
				continue
			}
			for _, manual := range []bool{false, true} {
				for i := range single {
					ask("one window", input{Windows: []window{single[i]}, App: "web", To: to, Now: now, StartedAt: started, Manual: manual})
				}
			}
		}
	}
	for i := range single {
		for j := range single {
			if (i+j)%3 != 0 {
				continue
			}
			ask("two windows", input{Windows: []window{single[i], single[j]}, App: "web", To: to, Now: "2026-11-23T09:30:00Z", StartedAt: "2026-11-23T08:30:00Z", Manual: i%2 == 0})
			ask("two windows late", input{Windows: []window{single[i], single[j]}, App: "web", To: to, Now: "2026-11-23T12:30:00Z", StartedAt: "2026-11-23T10:30:00Z", Manual: i%2 == 1})
		}
	}
}
