package quota

import (
	"strings"
	"testing"
)

func TestRules(t *testing.T) {
	rules, err := ParseRules([]string{
		"requests=600/min", "characters=1000/day", "projects/acme:characters=5000/day", "projects/free:requests=none",
		"principals/*:streams=10", "principals/https://issuer.example:8443/#jo:streams=2", "projects/*:operations=0",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		who     scope
		metric  Metric
		most    int64
		limited bool
	}{
		{scope{projects, "acme"}, Requests, 600, true},
		{scope{projects, "acme"}, Characters, 5000, true},
		{scope{projects, ""}, Characters, 1000, true},
		{scope{projects, "free"}, Requests, 0, false},
		{scope{projects, "free"}, Characters, 1000, true},
		{scope{projects, "acme"}, Operations, 0, true},
		{scope{projects, "acme"}, Streams, 0, false},
		{scope{principals, "acme"}, Requests, 0, false},
		{scope{principals, "jo"}, Streams, 10, true},
		{scope{principals, "https://issuer.example:8443/#jo"}, Streams, 2, true},
	} {
		if most, limited := rules.of(c.who, c.metric); limited != c.limited || limited && most != c.most {
			t.Errorf("%s of %s: %d, %v; want %d, %v", c.metric, c.who, most, limited, c.most, c.limited)
		}
	}
	if none, err := ParseRules(nil); err != nil || none.limit(Characters) || !rules.limit(Characters) {
		t.Errorf("no rules at all: %v", err)
	}
}

func TestRulesThatAreRefused(t *testing.T) {
	for spec, says := range map[string]string{
		"requests=600":                        "requests must be N/min",
		"requests=600/hour":                   "requests must be N/min",
		"characters=many/day":                 "characters must be N/day",
		"streams=-1":                          "streams must be N or none",
		"streams":                             "streams must be N",
		"operations=5/day":                    "operations must be N",
		"bytes=5":                             "nothing that can be limited",
		"acme:requests=5/min":                 "projects/NAME or principals/NAME",
		"projects/:requests=5/min":            "projects/NAME or principals/NAME",
		"characters=99999999999999999999/day": "characters must be N/day",
	} {
		if _, err := ParseRules([]string{spec}); err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), spec) {
			t.Errorf("%s: %v, want %q", spec, err, says)
		}
	}
	if _, err := ParseRules([]string{"streams=1", "projects/*:streams=2"}); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("one limit twice: %v", err)
	}
}
