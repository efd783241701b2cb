package main

import (
	"context"
	"math/rand/v2"
	"os"
	"syscall"
	"time"
)

// lease is how long a node that is paused or cut off keeps its place.
const lease = 3 * time.Second

// nodes are servers that share a database and a directory.
type nodes struct {
	lab  *lab
	data string
	each []*node
}

// node is one of them: whichever life of it there is, at one address, behind a
// connection to the database that can be cut.
type node struct {
	*server
	address string
	link    *link
}

// ordealOfNodes kills, pauses and cuts off one of n servers after the other under
// traffic at all of them, lets them finish, and audits the result as ordeal does.
// url makes the database's address from the host and port by which it is reached.
func ordealOfNodes(ctx context.Context, l *lab, database string, url func(address string) string, n, disturbances int, seed uint64) (*ordealReport, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	data, err := l.folder("nodes")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(data)
	all := &nodes{lab: l, data: data}
	defer all.kill()
	t := &traffic{ledger: newLedger(), history: newHistory(), seed: seed}
	for range n {
		one, err := all.add(database, url)
		if err != nil {
			return nil, err
		}
		c, err := dial(one.address)
		if err != nil {
			return nil, err
		}
		defer c.close()
		t.clients = append(t.clients, c)
	}
	for _, one := range all.each {
		if err := one.answers(ctx); err != nil {
			return nil, err
		}
	}
	first := all.each[0].server
	if t.samples, err = newSamples(ctx, first.client, true); err != nil {
		return nil, err
	}
	if err := hearUndisturbed(ctx, first, t.samples); err != nil {
		return nil, err
	}

	l.logf("the texts were heard undisturbed; now %d kills, pauses and cuts of %d servers", disturbances, n)
	t.run(ctx)
	defer func() { stop(); t.creating.Wait(); t.others.Wait() }()
	r := &ordealReport{texts: len(t.samples), integrity: "not asked", history: t.history}
	random := rand.New(rand.NewPCG(seed, 7))
	for r.kills < disturbances {
		if err := all.disturb(ctx, r, random, url); err != nil {
			return nil, err
		}
		r.kills++
	}
	for _, one := range all.each {
		if err := one.answers(ctx); err != nil {
			return nil, err
		}
	}
	t.finishCreating()
	if err := r.settle(ctx, all.each[0].server, t); err != nil {
		return nil, err
	}
	stop()
	t.others.Wait()
	// Each of them says the same.
	for _, one := range all.each[1:] {
		for _, e := range t.ledger.entries {
			r.ask(context.WithoutCancel(ctx), one.server, t.ledger, e)
		}
	}
	r.audit(context.WithoutCancel(ctx), all.each[0].server, t.ledger)
	for _, one := range all.each {
		if err := one.stop(); err != nil {
			r.complain("%v", err)
		}
	}
	r.awaitNoWorkers(context.WithoutCancel(ctx), l)
	r.auditObjects(data, t.ledger)
	r.auditHistory()
	return r, nil
}

// add starts one more node and does not wait for it.
func (all *nodes) add(database string, url func(string) string) (*node, error) {
	link, err := newLink(database)
	if err != nil {
		return nil, err
	}
	one := &node{link: link}
	if one.address, err = freeAddress(); err != nil {
		return nil, err
	}
	if err := all.start(one, url); err != nil {
		return nil, err
	}
	all.each = append(all.each, one)
	return one, nil
}

func (all *nodes) start(one *node, url func(string) string) (err error) {
	one.server, err = all.lab.launchWith(all.data, one.address, all.lab.none, "--store", url(one.link.address()))
	return err
}

func (all *nodes) kill() {
	for _, one := range all.each {
		one.link.close()
		select {
		case <-one.exited:
		default:
			one.cmd.Process.Signal(syscall.SIGCONT)
			one.kill()
		}
	}
}

// disturb does something to one of the nodes, for a random while; the others go on.
func (all *nodes) disturb(ctx context.Context, r *ordealReport, random *rand.Rand, url func(string) string) error {
	one := all.each[random.IntN(len(all.each))]
	if err := one.answers(ctx); err != nil {
		r.complain("disturbance %d: %v", r.kills, err)
	}
	select {
	case <-one.exited:
		r.complain("a server ended before disturbance %d: %s", r.kills, one.lastWords())
	default:
	}
	switch random.IntN(4) {
	case 0: // cut off from the database, sometimes past its lease
		one.link.cut(ctx, between(random, 0, 2*lease))
	case 1: // paused, sometimes past its lease
		r.whileAssembling++
		one.cmd.Process.Signal(syscall.SIGSTOP)
		pause(ctx, between(random, 0, 2*lease))
		one.cmd.Process.Signal(syscall.SIGCONT)
	default:
		r.whileStarting++
		one.kill()
		pause(ctx, between(random, 0, lease))
		if err := all.start(one, url); err != nil {
			return err
		}
	}
	pause(ctx, between(random, 0, time.Second))
	return nil
}
