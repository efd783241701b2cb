package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"
)

// life is what an operation is at a moment, as one that had all of it in one place
// would say.
type life struct {
	is sight // absent, running, or an end
	// wished: it was cancelled when it was past the point of no return, or had ended
	// unseen: its end may be any.
	wished bool
	hidden bool // it was deleted
}

// after are what an operation may be after a call with this answer; none if it cannot
// have answered so. Its work ends at moments that nobody sees, so the first who is
// shown an end is told when it was: before that answer.
func (l life) after(what verb, saw sight) (next []life) {
	switch {
	case saw == sawNothing: // perhaps it has happened
		return append(l.after(what, sawDone), l)
	case saw == sawAbsent:
		if l.is == sawAbsent || l.hidden {
			return []life{l}
		}
		return nil
	case what == doStart:
		if l.is == sawAbsent {
			return []life{{is: sawRunning}}
		}
		return nil
	case l.is == sawAbsent || l.hidden:
		return nil
	case what == doDelete:
		l.hidden = true
		return []life{l}
	case what == doCancel:
		if l.is != sawRunning {
			return []life{l}
		}
		return []life{{is: sawCancelled}, {is: sawRunning, wished: true}}
	case !saw.ended():
		if l.is == sawRunning && (saw == sawSpoken || !l.wished) {
			return []life{l}
		}
		return nil
	case l.is == saw:
		return []life{l}
	case l.is == sawRunning && (l.wished || saw != sawCancelled):
		return []life{{is: saw}}
	}
	return nil
}

// oneLife is the life of one operation for porcupine.
var oneLife = (&porcupine.NondeterministicModel{
	Init: func() []any { return []any{life{is: sawAbsent}} },
	Step: func(state, input, output any) (next []any) {
		for _, l := range state.(life).after(input.(verb), output.(sight)) {
			next = append(next, l)
		}
		return next
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%s -> %s", input, output) },
}).ToModel()

// decideTime bounds the search for an order of one operation's calls.
const decideTime = time.Minute

// unexplained are the operations whose calls nobody can put into an order that fits
// both their times and one life, with what was asked and told.
func (h *history) unexplained() (complaints []string, calls int) {
	for name, all := range h.byOperation() {
		calls += len(all)
		operations := make([]porcupine.Operation, len(all))
		for i, c := range all {
			operations[i] = porcupine.Operation{ClientId: i, Input: c.what, Output: c.saw, Call: int64(c.called), Return: int64(c.returned)}
		}
		switch porcupine.CheckOperationsTimeout(oneLife, operations, decideTime) {
		case porcupine.Illegal:
			complaints = append(complaints, fmt.Sprintf("the history of %s is not linearizable:\n%s", name, told(all)))
		case porcupine.Unknown:
			complaints = append(complaints, fmt.Sprintf("whether the %d calls of %s are linearizable was not found out in %s", len(all), name, decideTime))
		}
	}
	return complaints, calls
}

// told are calls in the order of their beginnings, those that say the same as the one
// before left out.
func told(calls []call) string {
	slices.SortFunc(calls, func(a, b call) int { return cmp.Compare(a.called, b.called) })
	var lines []string
	for i, c := range calls {
		if i > 0 && i < len(calls)-1 && c.what == doLook && calls[i-1].what == doLook && calls[i-1].saw == c.saw && calls[i+1].saw == c.saw {
			continue
		}
		lines = append(lines, "  "+c.String())
	}
	return strings.Join(lines, "\n")
}
