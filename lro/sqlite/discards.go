package sqlite

import (
	"context"

	"github.com/lectern/lectern/lro/driver"
)

// undispatched stands for the job of a task that has none yet. To Repair such a
// task is one whose job has vanished.
const undispatched = -1

// discardBatch bounds how long dispatching holds the writer.
const discardBatch = 100

const findUndispatched = `SELECT op FROM op_tasks WHERE job = -1 AND state <> 'DONE' LIMIT ?`

// discardSoon gives the Discard tasks of operations that have ended their jobs,
// after the ends were written: somebody waits for an end, and inserting a job
// costs as much again. One goroutine does it for all, as long as there are any,
// so that ten thousand cancels are not ten thousand waiters for the writer.
func (s *Store) discardSoon() {
	s.discards.Lock()
	defer s.discards.Unlock()
	s.discards.more = true
	if !s.discards.busy {
		s.discards.busy = true
		s.background.Go(s.dispatchDiscards)
	}
}

// dispatchDiscards works until nobody has asked for more. What goes wrong here
// Repair makes good, at the next start or within half a minute.
func (s *Store) dispatchDiscards() {
	for {
		s.discards.Lock()
		if !s.discards.more {
			s.discards.busy = false
			s.discards.Unlock()
			return
		}
		s.discards.more = false
		s.discards.Unlock()
		for n := discardBatch; n == discardBatch; {
			var err error
			if n, err = s.dispatchSome(context.Background()); err != nil {
				s.log.Warn("clean-ups wait for the next repair", "error", err)
			}
		}
	}
}

// dispatchSome dispatches a batch of Discard tasks and returns how many.
func (s *Store) dispatchSome(ctx context.Context) (n int, err error) {
	_, err = s.transact(ctx, func(t tx) error {
		ids, err := findIDs(t, findUndispatched, discardBatch)
		if err != nil || len(ids) == 0 {
			return err
		}
		tasks := make([]driver.Queued, len(ids))
		for i, id := range ids {
			tasks[i] = driver.Queued{Op: id, Index: driver.DiscardIndex, Role: driver.Discard, Urgent: true}
		}
		jobs, err := s.queue.Enqueue(t.ctx, t.Tx, tasks)
		if err != nil {
			return err
		}
		for i, id := range ids {
			if err := t.must(redispatchTask, id, driver.DiscardIndex, undispatched, jobs[i], 0, 0); err != nil {
				return err
			}
		}
		n = len(ids)
		return nil
	})
	if err != nil {
		return 0, err
	}
	if n > 0 {
		s.queue.Wake()
	}
	return n, nil
}
