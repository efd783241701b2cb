package main

import (
	"slices"
	"testing"
	"time"
)

// said is a history of one operation, of calls one after the other, each of which
// takes a second, or as long as it says.
func said(calls ...call) *history {
	h := newHistory()
	for i, c := range calls {
		c.operation, c.called = "a", time.Duration(i)*2*time.Second
		switch {
		case c.saw == sawNothing:
			c.returned = never
		default:
			c.returned += c.called + time.Second
		}
		h.add(c)
	}
	return h
}

func does(what verb, saw sight) call { return call{what: what, saw: saw} }
func sees(saw sight) call            { return call{what: doLook, saw: saw} }

// long is a call that is still under way when the next one has ended.
func long(c call) call {
	c.returned = 3 * time.Second
	return c
}

func TestHistoriesThatCanBe(t *testing.T) {
	for name, calls := range map[string][]call{
		"done":                      {does(doStart, sawDone), sees(sawRunning), sees(sawSpoken), sees(sawSucceeded), sees(sawSucceeded)},
		"cancelled":                 {does(doStart, sawDone), sees(sawRunning), does(doCancel, sawDone), sees(sawCancelled), does(doCancel, sawDone), sees(sawCancelled)},
		"too late":                  {does(doStart, sawDone), sees(sawSpoken), does(doCancel, sawDone), sees(sawSpoken), sees(sawSucceeded)},
		"late and then all in vain": {does(doStart, sawDone), does(doCancel, sawDone), sees(sawSpoken), sees(sawCancelled)},
		"unseen end":                {does(doStart, sawDone), sees(sawRunning), does(doCancel, sawDone), sees(sawSucceeded)},
		"failed":                    {does(doStart, sawDone), sees(sawFailed + "x"), sees(sawFailed + "x")},
		"lost cancel":               {does(doStart, sawDone), does(doCancel, sawNothing), sees(sawRunning), sees(sawRunning), sees(sawCancelled)},
		"cancel lost for good":      {does(doStart, sawDone), does(doCancel, sawNothing), sees(sawRunning), sees(sawSucceeded)},
		"deleted":                   {does(doStart, sawDone), sees(sawSucceeded), does(doDelete, sawDone), sees(sawAbsent), does(doDelete, sawAbsent), does(doCancel, sawAbsent)},
		"lost delete":               {does(doStart, sawDone), does(doDelete, sawNothing), sees(sawRunning), sees(sawAbsent)},
		"before the start":          {sees(sawAbsent), does(doStart, sawDone), sees(sawRunning)},
		"at the same time":          {does(doStart, sawDone), long(sees(sawRunning)), sees(sawSucceeded)},
		"started while it is seen":  {long(does(doStart, sawDone)), sees(sawRunning)},
	} {
		if complaints, _ := said(calls...).unexplained(); len(complaints) > 0 {
			t.Errorf("%s: %s", name, complaints)
		}
	}
}

func TestHistoriesThatCannotBe(t *testing.T) {
	for name, calls := range map[string][]call{
		"undone":                       {does(doStart, sawDone), sees(sawSucceeded), sees(sawRunning)},
		"two ends":                     {does(doStart, sawDone), sees(sawSucceeded), sees(sawFailed + "x")},
		"two reasons":                  {does(doStart, sawDone), sees(sawFailed + "x"), sees(sawFailed + "y")},
		"cancelled by nobody":          {does(doStart, sawDone), sees(sawRunning), sees(sawCancelled)},
		"cancelled, and it goes on":    {does(doStart, sawDone), does(doCancel, sawDone), sees(sawRunning)},
		"cancelled before anybody did": {does(doStart, sawDone), sees(sawCancelled), does(doCancel, sawDone)},
		"lost":                         {does(doStart, sawDone), sees(sawRunning), sees(sawAbsent)},
		"deleted, and there":           {does(doStart, sawDone), does(doDelete, sawDone), sees(sawRunning)},
		"deleted twice":                {does(doStart, sawDone), does(doDelete, sawDone), does(doDelete, sawDone)},
		"seen before the start":        {sees(sawRunning), does(doStart, sawDone)},
		"old news":                     {does(doStart, sawDone), sees(sawCancelled), does(doCancel, sawNothing), sees(sawRunning)},
	} {
		if complaints, _ := said(calls...).unexplained(); len(complaints) != 1 {
			t.Errorf("%s: nobody has noticed", name)
		}
	}
}

// What is missing on a page that has all is not there; of another one it is not known.
func TestListingsArePartOfHistories(t *testing.T) {
	for _, tt := range []struct {
		l    listing
		fits bool
	}{
		{listing{saw: map[string]sight{"a": sawRunning}, whole: true}, true},
		{listing{saw: map[string]sight{"a": sawCancelled}, whole: true}, false},
		{listing{saw: map[string]sight{"b": sawRunning}, whole: true}, false},
		{listing{saw: map[string]sight{"b": sawRunning}}, true},
	} {
		h := said(does(doStart, sawDone), sees(sawRunning))
		tt.l.called, tt.l.returned = 10*time.Second, 11*time.Second
		h.lists = append(h.lists, tt.l)
		if complaints, _ := h.unexplained(); (len(complaints) == 0) != tt.fits {
			t.Errorf("%v: %v", tt.l.saw, complaints)
		}
	}
}

// planted is a copy of h in which one answer is another one: an operation that was seen
// at its end runs again. It reports false if there is no such answer.
func planted(h *history) (*history, bool) {
	other := newHistory()
	other.calls, other.lists = slices.Clone(h.calls), h.lists
	for i, c := range other.calls {
		last := !slices.ContainsFunc(other.calls, func(later call) bool { return later.operation == c.operation && later.called > c.called })
		if c.what == doLook && c.saw.ended() && last {
			other.calls[i].saw = sawRunning
			return other, true
		}
	}
	return other, false
}
