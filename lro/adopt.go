package lro

import "context"

// nameBatch is how many operations are read at a time.
const nameBatch = 1000

// adopt names what an earlier version has left, and has the kinds discard what
// belongs to no operation. Nothing is worked on yet. What goes wrong costs no
// operation: what is not discarded is at the next start.
func (m *Manager) adopt(ctx context.Context) {
	m.nameAll(ctx)
	for _, kind := range m.kinds {
		if keeper, ok := kind.(Keeper); ok {
			m.sweep(ctx, kind, keeper)
		}
	}
}

// nameAll gives operations under way their names that a version has started which
// knew of none; there may be nodes of it still. They have been accepted, so nothing
// is refused. Whose kind is not known here is left to other nodes.
func (m *Manager) nameAll(ctx context.Context) {
	for after := ""; ; {
		ops, err := m.store.Unnamed(ctx, after, nameBatch)
		if err != nil {
			m.complain(ctx, "looking for operations without names", err)
			return
		}
		for _, op := range ops {
			after = op.ID
			kind := m.kinds[op.Kind]
			if kind == nil {
				continue
			}
			names, err := namesOf(kind, Work{ID: op.ID, Parent: op.Parent, Owner: op.Owner, Request: op.Request})
			if err != nil {
				m.log.Warn("the names of an operation under way cannot be told from its request; others may come into its way", "operation", op.ID, "error", err)
			}
			if err := m.store.Name(ctx, op.ID, names); err != nil {
				m.complain(ctx, "naming an operation", err)
				return
			}
		}
		if len(ops) < nameBatch {
			return
		}
	}
}

// namesOf are the names of an operation of kind.
func namesOf(kind Kind, w Work) ([]Name, error) {
	namer, ok := kind.(Namer)
	if !ok {
		return nil, nil
	}
	return namer.Names(w)
}

// sweep discards what a kind holds of operations that are over or unknown.
func (m *Manager) sweep(ctx context.Context, kind Kind, keeper Keeper) {
	ids, err := keeper.Kept(ctx)
	if err != nil {
		m.complain(ctx, "looking for what operations have left", err)
	}
	for _, id := range m.over(ctx, ids) {
		if err := kind.Discard(ctx, Work{ID: id}); err != nil {
			m.complain(ctx, "discarding what an operation has left", err)
		} else {
			m.log.Info("what an operation had left was discarded", "operation", id)
		}
	}
}
