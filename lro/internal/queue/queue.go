// Package queue is what the stores of operations share about the order of tasks
// and about those that a dead node had claimed. What a node takes of the tasks
// that it is offered is package lro's to say.
package queue

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"time"

	"github.com/lectern/lectern/lro/driver"
)

// Lane is where a task waits. Of one lane the tasks that are due longest come
// first. The numbers are stored.
type Lane int

// The lanes, in the order in which they are offered: of those of larger operations
// and of small ones, each apart, so that neither hides the other.
const (
	Urgent      Lane = iota // has been begun once already, or ends an operation
	Sooner                  // of an operation that has begun, or is soon done
	Later                   // begins what need not begin yet
	SmallUrgent             // as Urgent
	Small
	Discards

	Lanes // how many there are
)

// few is how many shards an operation has at most that need not wait for those
// that have begun.
const few = 8

// LaneOf is the lane of a new shard.
func LaneOf(shards int, begun bool) Lane {
	switch {
	case shards <= driver.Small:
		return Small
	case begun || shards <= few:
		return Sooner
	}
	return Later
}

// UrgentLane is the lane of a shard or Finish task that goes before others.
func UrgentLane(shards int) Lane {
	if shards <= driver.Small {
		return SmallUrgent
	}
	return Urgent
}

// Again is the lane of a task that is handed back.
func Again(role driver.Role, shards int) Lane {
	if role == driver.Discard {
		return Discards
	}
	return UrgentLane(shards)
}

// Limit is how many tasks of the lane are wanted.
func (l Lane) Limit(w driver.Want) int {
	switch l {
	case SmallUrgent, Small:
		return w.Small
	case Discards:
		return w.Discards
	}
	return w.Large
}

// Begun is how many operations of one owner and parent may begin while others go
// on; further ones wait for what has begun, so that there is a bound to what is
// half done, and nobody waits behind all the work of somebody else.
const Begun = 4

// Party names an owner and a parent, in few bytes.
func Party(owner, parent string) string {
	sum := fnv.New64a()
	fmt.Fprintf(sum, "%d %s%s", len(owner), owner, parent)
	return strconv.FormatUint(sum.Sum64(), 36)
}

// Waiting is a task in its lane.
type Waiting struct {
	driver.Offer
	Lane Lane
	Due  int64 // microseconds since 1970
}

// Orphan is a task that a dead node had claimed.
type Orphan struct {
	driver.Token
	Role       driver.Role
	Shards     int
	Since      time.Time // of the claim
	Suspicions int
}

// Suspect reports whether a task is to be worked on alone.
func Suspect(role driver.Role, suspicions int) bool {
	return role != driver.Discard && suspicions >= driver.Suspicions
}

// Verdict is what is counted against an orphan.
type Verdict struct{ Crashes, Suspicions int }

// Autopsy is the verdict on each of the tasks of a node that died: whoever was
// alone is guilty, and so is who had been at work for a while. Of the others most
// only died with somebody, or with a node that was killed.
func Autopsy(died time.Time, all []Orphan) []Verdict {
	working := 0
	for _, o := range all {
		if o.Role != driver.Discard {
			working++
		}
	}
	verdicts := make([]Verdict, len(all))
	for i, o := range all {
		if working <= 1 || died.Sub(o.Since) >= driver.Suspicious {
			verdicts[i].Crashes = 1
		} else {
			verdicts[i].Suspicions = 1
		}
	}
	return verdicts
}

// GroupNames are the names of groups, as they stand in the database.
func GroupNames(groups []driver.Group) []string {
	all := make([]string, len(groups))
	for i, g := range groups {
		all[i] = g.Name
	}
	return all
}
