package main

func written(add func(string, vector)) {
	for family, calls := range handWritten {
		_ = family
		for _, c := range calls {
			add(family, vector{Function: c.function, Call: c.call, Template: c.template})
		}
	}
}

type entry struct{ function, call, template string }

var handWritten = map[string][]entry{}
