package lrotest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"pgregory.net/rapid"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/driver"
)

// model is what the operations of one collection should be, in the simplest
// words. Nobody works on them; the model's own actions end them.
type model struct {
	*server
	parent string
	names  []string // in the order of their start
	states map[string]driver.State
	ended  map[string]time.Time
	hidden map[string]bool
	keys   map[string]string // key to name
}

const modelRetention = 30 * 24 * time.Hour

// testModel compares random sequences of calls with the model.
func testModel(t *testing.T, h Harness) {
	s := opened(t, h.Hasty(t), NewToy(), newClock())
	collections := 0
	rapid.Check(t, func(r *rapid.T) {
		collections++
		m := &model{
			server: s,
			parent: fmt.Sprintf("projects/p/locations/l%d", collections),
			states: make(map[string]driver.State),
			ended:  make(map[string]time.Time),
			hidden: make(map[string]bool),
			keys:   make(map[string]string),
		}
		r.Repeat(map[string]func(*rapid.T){
			"start":  m.doStart,
			"cancel": m.doCancel,
			"fail":   m.doFail,
			"delete": m.doDelete,
			"later":  m.doAdvance,
			"":       m.check,
		})
	})
}

// any draws one of the operations that were ever started.
func (m *model) any(r *rapid.T) string {
	if len(m.names) == 0 {
		r.Skip("no operation yet")
	}
	return rapid.SampledFrom(m.names).Draw(r, "operation")
}

func (m *model) seen(name string) bool {
	end, over := m.ended[name]
	return !m.hidden[name] && !(over && m.clock.Now().Sub(end) >= modelRetention)
}

func (m *model) doStart(r *rapid.T) {
	key := rapid.SampledFrom([]string{"", "a", "b"}).Draw(r, "key")
	op, err := m.Start(context.Background(), toyOperation(lro.NewOperation{
		Parent:         m.parent,
		Owner:          "",
		IdempotencyKey: m.key(key),
	}, "say a"))
	if err != nil {
		r.Fatal(err)
	}
	name := op.GetName()
	if old, used := m.keys[key]; used && m.seen(old) {
		if name != old {
			r.Fatalf("the key %q led to %s, not %s", key, name, old)
		}
		return
	}
	if slices.Contains(m.names, name) {
		r.Fatalf("%s was started twice", name)
	}
	m.names = append(m.names, name)
	m.states[name] = driver.Running
	if key != "" {
		m.keys[key] = name
	}
}

// key makes a key of this collection.
func (m *model) key(key string) string {
	if key == "" {
		return ""
	}
	return m.parent + key
}

func (m *model) doCancel(r *rapid.T) {
	name := m.any(r)
	_, err := m.CancelOperation(context.Background(), &longrunningpb.CancelOperationRequest{Name: name})
	m.answered(r, name, err)
	if m.seen(name) && m.states[name] == driver.Running {
		m.states[name] = driver.Cancelled
		m.ended[name] = m.clock.Now()
	}
}

func (m *model) doFail(r *rapid.T) {
	name := m.any(r)
	_, won, err := m.store.End(context.Background(), idOf(name), driver.Ending{
		From: driver.Running, To: driver.Failed, ErrorCode: 13, Keep: modelRetention,
	})
	if err != nil || won != (m.states[name] == driver.Running) {
		r.Fatalf("ending what is %s: %t, %v", m.states[name], won, err)
	}
	if won {
		m.states[name] = driver.Failed
		m.ended[name] = m.clock.Now()
	}
}

func (m *model) doDelete(r *rapid.T) {
	name := m.any(r)
	_, err := m.DeleteOperation(context.Background(), &longrunningpb.DeleteOperationRequest{Name: name})
	m.answered(r, name, err)
	if m.seen(name) {
		m.hidden[name] = true
		for key, of := range m.keys {
			if of == name {
				delete(m.keys, key)
			}
		}
	}
}

// answered checks that only what can be seen is found.
func (m *model) answered(r *rapid.T, name string, err error) {
	if m.seen(name) && err != nil || !m.seen(name) && !fault.Is(err, fault.NotFound) {
		r.Fatalf("%s (seen: %t): %v", name, m.seen(name), err)
	}
}

func (m *model) doAdvance(r *rapid.T) {
	m.clock.advance(time.Duration(rapid.IntRange(1, 20).Draw(r, "days")) * 24 * time.Hour)
}

// check compares everything that can be read with the model.
func (m *model) check(r *rapid.T) {
	var want []string
	for _, name := range slices.Backward(m.names) {
		op, err := m.GetOperation(context.Background(), &longrunningpb.GetOperationRequest{Name: name})
		m.answered(r, name, err)
		if !m.seen(name) {
			continue
		}
		want = append(want, name)
		state := m.states[name]
		if op.GetDone() != (state != driver.Running) || (op.GetError().GetCode() == 1) != (state == driver.Cancelled) {
			r.Fatalf("%s should be %s: %v", name, state, op)
		}
	}
	var got []string
	list := &longrunningpb.ListOperationsRequest{Name: m.parent, PageSize: 2}
	for {
		page, err := m.ListOperations(context.Background(), list)
		if err != nil {
			r.Fatal(err)
		}
		for _, op := range page.GetOperations() {
			got = append(got, op.GetName())
		}
		if list.PageToken = page.GetNextPageToken(); list.PageToken == "" {
			break
		}
	}
	if !slices.Equal(got, want) {
		r.Fatalf("the list has\n%v, want\n%v", got, want)
	}
}
