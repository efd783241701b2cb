package onnx

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	ort "github.com/yalue/onnxruntime_go"
)

// Session is a network that is loaded.
type Session struct {
	session         *ort.DynamicAdvancedSession
	inputs, outputs []string
}

// Load loads a network from a file, which takes half the memory that it takes
// from bytes. inputs and outputs name what [Session.Run] gives and returns, in
// that order.
func Load(path string, inputs, outputs []string) (*Session, error) {
	options, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	defer options.Destroy()
	// A plan of the memory for each shape of the inputs is no use where nearly every
	// text has a shape of its own, and takes as much memory again.
	err = errors.Join(options.SetIntraOpNumThreads(1), options.SetInterOpNumThreads(1), options.SetMemPattern(false))
	if err != nil {
		return nil, err
	}
	session, err := ort.NewDynamicAdvancedSession(path, inputs, outputs, options)
	if err != nil {
		return nil, fmt.Errorf("the network %s cannot be loaded: %w", path, err)
	}
	return &Session{session: session, inputs: inputs, outputs: outputs}, nil
}

// Close frees the network. No Run may be under way.
func (s *Session) Close() error { return s.session.Destroy() }

// Number is what tensors hold.
type Number interface{ float32 | int64 }

// Input is one tensor that a Run is given.
type Input interface {
	// value makes the runtime's tensor, and has its memory stay where it is until
	// pins are let go.
	value(pins *runtime.Pinner) (ort.Value, error)
}

type tensor[T Number] struct {
	data  []T
	shape []int64
}

// Tensor is data in row-major order with its shape. It is not copied, and must
// not change while a Run uses it.
func Tensor[T Number](data []T, shape ...int64) Input { return tensor[T]{data, shape} }

func (t tensor[T]) value(pins *runtime.Pinner) (ort.Value, error) {
	if len(t.data) > 0 {
		pins.Pin(&t.data[0])
	}
	return ort.NewTensor(ort.NewShape(t.shape...), t.data)
}

// Outputs are the tensors that a Run has made, copied from the runtime's memory.
// They and their slices are good until Close.
type Outputs struct{ values []ort.Value }

// Floats is the output at a place, row by row, and its shape; nil when it holds
// anything else.
func (o *Outputs) Floats(at int) ([]float32, []int64) { return dataOf[float32](o.values[at]) }

// Ints is Floats for whole numbers.
func (o *Outputs) Ints(at int) ([]int64, []int64) { return dataOf[int64](o.values[at]) }

func dataOf[T Number](v ort.Value) ([]T, []int64) {
	t, ok := v.(*ort.Tensor[T])
	if !ok {
		return nil, nil
	}
	return t.GetData(), t.GetShape()
}

// Close frees the outputs. Closing again does nothing.
func (o *Outputs) Close() {
	for i, v := range o.values {
		if v != nil {
			_ = v.Destroy()
			o.values[i] = nil
		}
	}
}

// Run runs the network. When ctx ends it returns context.Cause(ctx) as soon as
// the operation of the graph that is under way has ended, and the session is as
// good as before. Otherwise an error is the runtime's own.
func (s *Session) Run(ctx context.Context, inputs ...Input) (*Outputs, error) {
	made := make([]ort.Value, len(s.outputs))
	outputs := &Outputs{made}
	if err := s.run(ctx, made, inputs); err != nil {
		outputs.Close()
		return nil, err
	}
	return outputs, nil
}

// RunInto is Run for outputs whose shapes are known: what the network makes is
// written into the data of these tensors, and not copied. They hold nothing of use
// when there is an error.
func (s *Session) RunInto(ctx context.Context, outputs []Input, inputs ...Input) error {
	var pins runtime.Pinner
	defer pins.Unpin()
	made, err := values(&pins, s.outputs, outputs)
	defer destroy(made)
	if err != nil {
		return err
	}
	return s.run(ctx, made, inputs)
}

// run has the network make values, of which those that are nil are new.
func (s *Session) run(ctx context.Context, made []ort.Value, inputs []Input) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var pins runtime.Pinner
	defer pins.Unpin()
	given, err := values(&pins, s.inputs, inputs)
	defer destroy(given)
	if err != nil {
		return err
	}
	options, err := ort.NewRunOptions()
	if err != nil {
		return err
	}
	terminated := make(chan struct{})
	release := context.AfterFunc(ctx, func() {
		_ = options.Terminate()
		close(terminated)
	})
	err = s.session.RunWithOptions(given, made, options)
	if !release() {
		<-terminated // or it would touch options that are freed
	}
	_ = options.Destroy()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return fmt.Errorf("the network failed: %w", err)
}

// values are the runtime's tensors for ours, which the pins hold. Those that were
// made are returned with an error too.
func values(pins *runtime.Pinner, names []string, tensors []Input) ([]ort.Value, error) {
	all := make([]ort.Value, 0, len(tensors))
	for i, t := range tensors {
		v, err := t.value(pins)
		if err != nil {
			return all, fmt.Errorf("the tensor for %s: %w", names[i], err)
		}
		all = append(all, v)
	}
	return all, nil
}

func destroy(values []ort.Value) {
	for _, v := range values {
		_ = v.Destroy()
	}
}
