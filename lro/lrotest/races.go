package lrotest

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/driver"
)

// contested is what a race is about: operations that several callers want to
// end.
type contested interface {
	end(id string, to driver.State) (won bool, err error)
	get(id string) (driver.State, error)
}

// try is the input of one call: an end, or a read if to is empty.
type try struct {
	id string
	to driver.State
}

// seen is its output.
type seen struct {
	won   bool
	state driver.State
}

// onceOnly is what an operation may look like from outside: RUNNING, until
// exactly one end wins.
var onceOnly = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byID := make(map[string][]porcupine.Operation)
		for _, o := range history {
			id := o.Input.(try).id
			byID[id] = append(byID[id], o)
		}
		parts := make([][]porcupine.Operation, 0, len(byID))
		for _, part := range byID {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() any { return driver.Running },
	Step: func(state, input, output any) (bool, any) {
		was, in, out := state.(driver.State), input.(try), output.(seen)
		if in.to == "" {
			return out.state == was, was
		}
		if out.won != (was == driver.Running) {
			return false, was
		}
		if out.won {
			return true, in.to
		}
		return true, was
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%v -> %v", input, output) },
}

// race lets one completer, two cancellers and five readers loose on each
// operation, and returns the history and how often each was won.
func race(t *testing.T, c contested, ids []string) (history []porcupine.Operation, wins map[string]int) {
	t.Helper()
	var mu sync.Mutex
	begin := time.Now()
	wins = make(map[string]int)
	call := func(client int, in try) {
		var out seen
		var err error
		called := time.Since(begin).Nanoseconds()
		if in.to == "" {
			out.state, err = c.get(in.id)
		} else {
			out.won, err = c.end(in.id, in.to)
		}
		returned := time.Since(begin).Nanoseconds()
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			t.Error(err)
			return
		}
		if out.won {
			wins[in.id]++
		}
		history = append(history, porcupine.Operation{ClientId: client, Input: in, Call: called, Output: out, Return: returned})
	}
	var all sync.WaitGroup
	together := make(chan struct{}, 4) // operations at once
	for _, id := range ids {
		together <- struct{}{}
		all.Go(func() {
			defer func() { <-together }()
			var callers sync.WaitGroup
			for client, to := range []driver.State{driver.Failed, driver.Cancelled, driver.Cancelled, "", "", "", "", ""} {
				callers.Go(func() { call(client, try{id, to}) })
			}
			callers.Wait()
			call(8, try{id, ""})
		})
	}
	all.Wait()
	return history, wins
}

// inStore races on a store.
type inStore struct {
	driver.Store
}

func (s inStore) end(id string, to driver.State) (bool, error) {
	e := cancelled()
	e.To = to
	_, won, err := s.End(context.Background(), id, e)
	return won, err
}

func (s inStore) get(id string) (driver.State, error) {
	op, err := s.Get(context.Background(), id)
	return op.State, err
}

func testRaces(t *testing.T, h Harness) {
	n := contestedOperations
	if testing.Short() {
		n = min(n, 1000)
	}
	s := opened(t, h.Hasty(t), NewToy(), newClock())
	var ids []string
	for range n {
		ids = append(ids, idOf(s.startWith(lro.NewOperation{}, "say a")))
	}
	history, wins := race(t, inStore{s.store}, ids)
	for _, id := range ids {
		if wins[id] != 1 {
			t.Fatalf("operation %s was ended %d times", id, wins[id])
		}
	}
	if !porcupine.CheckOperations(onceOnly, history) {
		t.Error("the history is not linearizable")
	}
}

// careless is a store as one would write it without thinking: it reads the
// state, decides, and writes.
type careless struct {
	mu     sync.Mutex
	states map[string]driver.State
}

func (c *careless) get(id string) (driver.State, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if state, ok := c.states[id]; ok {
		return state, nil
	}
	return driver.Running, nil
}

func (c *careless) end(id string, to driver.State) (bool, error) {
	if state, _ := c.get(id); state != driver.Running {
		return false, nil
	}
	runtime.Gosched()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.states[id] = to
	return true, nil
}

// testNegativeControl proves that the race can be lost.
func testNegativeControl(t *testing.T, _ Harness) {
	var ids []string
	for i := range 3000 {
		ids = append(ids, fmt.Sprint(i))
	}
	history, wins := race(t, &careless{states: make(map[string]driver.State)}, ids)
	twice := 0
	for _, n := range wins {
		if n > 1 {
			twice++
		}
	}
	if twice == 0 {
		t.Error("no operation of the careless store was ended twice")
	}
	if porcupine.CheckOperations(onceOnly, history) {
		t.Error("porcupine finds the careless store's history linearizable")
	}
}
