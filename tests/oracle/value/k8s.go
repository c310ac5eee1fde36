package main

import (
	"fmt"
	"math/rand"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/labels"
)

func addQuantity(s *sink, text string) {
	r := record{"text": text}
	if q, err := resource.ParseQuantity(text); err != nil {
		r["error"] = err.Error()
	} else {
		r["canonical"] = q.String()
		// Value is wrong for negative quantities and wraps above 2^63: not recorded there.
		if q.Sign() >= 0 && q.Cmp(resource.MustParse("9223372036854775807")) <= 0 {
			r["value"] = q.Value()
		}
		one := resource.MustParse("1")
		r["one"] = q.Cmp(one)
	}
	s.add(r)
}

func recordQuantities(s *sink) {
	for _, text := range strings.Split("|0|1|-1|+1|1.5|.5|1.|.|-|+|1k|1K|1Ki|1Mi|1024Ki|1000Ki|0.5Gi|1.5Gi|1023|1024|0.5Mi|0.1Ki|0.0001Ki|-1Ki|-0.5Ki|1023Ki|2048Mi|1e3|1E3|1e-3|1e+3|1.5e3|12e6|1e|1E|1Ee|1m|1000m|1500m|100m|1u|1n|0.1n|1.1n|-0.1n|1.0000000001|5.1m|1000000000000|999999999999999999|9223372036854775807|9223372036854775808|1Ei|7Ei|8Ei|16Ei|1E|9E|10E|1P|0.001k|00012|1 |a|1a|1kk|1Kii|--1|1-|0x1|1_0|100000M|1.25G|128974848|129e6|129M|123Mi|1Gi|10Gi|500Mi|250m|0Ki|-0|0.000|1e0|1e1|1e2|1e9|1e18|100e-1|1.2.3|1G5|1e5k|64Mi|1.0Gi|0.25|2.5Ti|1234567890123456789012", "|") {
		addQuantity(s, text)
	}
	suffixes := strings.Split("|n|u|m|k|M|G|T|P|Ki|Mi|Gi|Ti|e3|e-3|E6|e2", "|")
	r := rand.New(rand.NewSource(3))
	for n := 0; n < 600; n++ {
		number := fmt.Sprint(r.Intn(100000))
		if r.Intn(2) == 0 {
			number = fmt.Sprintf("%d.%0*d", r.Intn(3000), 1+r.Intn(7), r.Intn(10000))
		}
		if r.Intn(6) == 0 {
			number = fmt.Sprint(1024 * (1 + r.Intn(5000)))
		}
		if r.Intn(8) == 0 {
			number = "-" + number
		}
		addQuantity(s, number+suffixes[r.Intn(len(suffixes))])
	}
}

var labelSets = []labels.Set{{}, {"a": "b"}, {"a": "c", "x": "y"}, {"app": "web", "tier": "front"}, {"n": "5"}, {"a": ""}, {"example.com/a": "b", "n": "x"}}

func addSelector(s *sink, text string) {
	r := record{"text": text}
	selector, err := labels.Parse(text)
	if err != nil {
		r["error"] = true
	} else {
		r["string"] = selector.String()
		matches := ""
		for _, set := range labelSets {
			matches += map[bool]string{true: "1", false: "0"}[selector.Matches(set)]
		}
		r["matches"] = matches
	}
	s.add(r)
}

func recordSelectors(s *sink) {
	for _, text := range strings.Split(";a;!a;a=b;a==b;a!=b;a = b;a in (b);a in (b,c);a in (c,b,b);a notin (b);a notin(b, c);a in ();a in (,);a in;a in b;in;in in (in);a,b;a,;,a;a,,b;x=y,a=c;a=b,a=c;n>3;n<3;n>x;n>3,n<9;example.com/a=b;example.com/a;/a=b;a/b/c;-a=b;a-=b;a=-b;a=b-;a=;a!=;a==;a=b c;a(b);(a);!a=b;! a;!;a in (b;a in b);notin notin (x);a in (b) , x;a="+strings.Repeat("x", 64)+";"+strings.Repeat("k", 64)+"=a;A=B;a_b=c.d;a=b=c;a>b;a in (-);app=web,tier in (front,back);app=web,tier notin (front,back),!z;a in ('b');a=\"b\"", ";") {
		addSelector(s, text)
	}
	pieces := strings.Split("a|b|x|n| in | notin |(|)|,|=|==|!=|!|>|<|5|web|app| |example.com/a", "|")
	r := rand.New(rand.NewSource(5))
	for n := 0; n < 500; n++ {
		var b strings.Builder
		for k := 1 + r.Intn(7); k > 0; k-- {
			b.WriteString(pieces[r.Intn(len(pieces))])
		}
		addSelector(s, b.String())
	}
}
