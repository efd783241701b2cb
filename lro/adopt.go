package lro

import "context"

// adoptBatch is how many operations are read at a time.
const adoptBatch = 1000

// adopt tells the kinds of the operations that an earlier process has left, and
// has them discard what belongs to none. Nothing is worked on yet. What goes
// wrong costs no operation: a name that is not reserved collides later, and
// what is not discarded is at the next start.
func (m *Manager) adopt(ctx context.Context) {
	for after := ""; ; {
		ops, err := m.store.Live(ctx, after, adoptBatch)
		if err != nil {
			m.complain(ctx, "reading the operations under way", err)
			break
		}
		for _, op := range ops {
			after = op.ID
			if r, ok := m.kinds[op.Kind].(Reserver); ok {
				if err := r.Reserve(ctx, Work{ID: op.ID, Parent: op.Parent, Owner: op.Owner, Request: op.Request}); err != nil {
					m.log.Warn("an operation under way has a name that another one has", "operation", op.ID, "error", err)
				}
				m.reserved.add(op.ID, r, true)
			}
		}
		if len(ops) < adoptBatch {
			break
		}
	}
	for _, kind := range m.kinds {
		if keeper, ok := kind.(Keeper); ok {
			m.sweep(ctx, kind, keeper)
		}
	}
}

// sweep discards what a kind holds of operations that are over or unknown.
func (m *Manager) sweep(ctx context.Context, kind Kind, keeper Keeper) {
	ids, err := keeper.Kept(ctx)
	if err != nil {
		m.complain(ctx, "looking for what operations have left", err)
	}
	if len(ids) == 0 {
		return
	}
	states, err := m.store.States(ctx, ids)
	if err != nil {
		m.complain(ctx, "reading the states of operations", err)
		return
	}
	for _, id := range ids {
		if state, known := states[id]; known && !State(state).Done() {
			continue
		}
		if err := kind.Discard(ctx, Work{ID: id}); err != nil {
			m.complain(ctx, "discarding what an operation has left", err)
		} else {
			m.log.Info("what an operation had left was discarded", "operation", id)
		}
	}
}
