package quota

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Metric is something that is limited.
type Metric string

// The metrics.
const (
	Requests   Metric = "requests"   // for speech, in a minute
	Characters Metric = "characters" // of text and SSML, in a day
	Operations Metric = "operations" // long ones, under way
	Streams    Metric = "streams"    // open
)

// units follow the numbers of metrics.
var units = map[Metric]string{Requests: "/min", Characters: "/day", Operations: "", Streams: ""}

// periods are what the platform's names of limits say of the time.
var periods = map[Metric]string{Requests: "PerMinute", Characters: "PerDay"}

// scope is who has a limit: a project, or a principal.
type scope struct{ kind, name string }

// The kinds of scopes.
const (
	projects   = "projects"
	principals = "principals"
)

// each is the name that stands for every one that has no limit of its own.
const each = "*"

// String is the scope as clients see it; a dash stands for no name.
func (s scope) String() string { return s.kind + "/" + cmp.Or(s.name, "-") }

// Rules are the limits that were set.
type Rules map[scope]map[Metric]int64

// unlimited is a limit that was lifted.
const unlimited = -1

// ParseRules reads limits, such as
//
//	requests=600/min                            of each project
//	projects/acme:characters=5000000/day        of one, instead
//	projects/acme:requests=none
//	principals/*:streams=10                     of each principal
//	principals/ci@acme.example:operations=2
func ParseRules(specs []string) (Rules, error) {
	rules := Rules{}
	for _, spec := range specs {
		who, metric, most, err := parseRule(spec)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", spec, err)
		}
		if rules[who] == nil {
			rules[who] = map[Metric]int64{}
		}
		if _, twice := rules[who][metric]; twice {
			return nil, fmt.Errorf("%q: there is a limit of %s for %s already", spec, metric, who)
		}
		rules[who][metric] = most
	}
	return rules, nil
}

func parseRule(spec string) (who scope, metric Metric, most int64, err error) {
	who = scope{projects, each}
	limit := spec
	if at := strings.LastIndex(spec, ":"); at >= 0 { // names of principals may have colons
		limit = spec[at+1:]
		kind, name, _ := strings.Cut(spec[:at], "/")
		if kind != projects && kind != principals || name == "" {
			return who, "", 0, fmt.Errorf("whose limit it is must be projects/NAME or principals/NAME, or * for the name")
		}
		who = scope{kind, name}
	}
	name, value, _ := strings.Cut(limit, "=")
	metric = Metric(name)
	unit, known := units[metric]
	if !known {
		return who, "", 0, fmt.Errorf("%q is nothing that can be limited: requests=N/min, characters=N/day, operations=N, streams=N", name)
	}
	if value == "none" {
		return who, metric, unlimited, nil
	}
	number, ok := strings.CutSuffix(value, unit)
	most, err = strconv.ParseInt(number, 10, 64)
	if err != nil || !ok || most < 0 {
		return who, "", 0, fmt.Errorf("%s must be N%s or none", metric, unit)
	}
	return who, metric, most, nil
}

// of is the limit of somebody, and whether there is one.
func (r Rules) of(who scope, metric Metric) (most int64, limited bool) {
	most, own := r[who][metric]
	if !own {
		most, own = r[scope{who.kind, each}][metric]
	}
	return most, own && most != unlimited
}

// limit reports whether anybody's metric is limited.
func (r Rules) limit(metric Metric) bool {
	for _, limits := range r {
		if most, has := limits[metric]; has && most != unlimited {
			return true
		}
	}
	return false
}

// id is a limit's name in the manner of the platform's, such as
// CharactersPerDayPerProject.
func id(metric Metric, who scope) string {
	name := string(metric)
	per := map[string]string{projects: "PerProject", principals: "PerPrincipal"}[who.kind]
	return strings.ToUpper(name[:1]) + name[1:] + periods[metric] + per
}
