package graph_test

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/engine/neural/graph"
	"github.com/lectern/lectern/engine/neural/graph/graphtest"
	"github.com/lectern/lectern/engine/neural/onnx"
	"github.com/lectern/lectern/engine/neural/onnx/onnxtest"
)

// chain is input -> Relu a -> Conv b -> ConvTranspose c -> Add(c, side) -> out,
// where side comes from an input of its own.
func chain() *graphtest.Model {
	m := &graphtest.Model{}
	m.Input("in", graphtest.Float, 3)
	m.Input("other", graphtest.Float, 3)
	m.Floats("w", []int{1, 1, 5}, 0.1, 0.2, 0.3)
	m.Floats("up", []int{1, 1, 4}, 0.5, 0.25)
	m.Node("Relu", []string{"in"}, []string{"a"})
	m.Node("Conv", []string{"a", "w"}, []string{"b"}, graphtest.Attr{Name: "dilations", Value: []int{3}}, graphtest.Attr{Name: "pads", Value: []int{6, 6}})
	m.Node("ConvTranspose", []string{"b", "up"}, []string{"c"}, graphtest.Attr{Name: "strides", Value: []int{2}}, graphtest.Attr{Name: "pads", Value: []int{1, 1}})
	m.Node("Neg", []string{"other"}, []string{"side"})
	m.Node("Add", []string{"c", "side"}, []string{"out"})
	m.Output("out", graphtest.Float, 3)
	return m
}

func parse(t testing.TB, data []byte) *graph.Model {
	t.Helper()
	m, err := graph.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestFind(t *testing.T) {
	m := parse(t, chain().Bytes())
	if got := m.Produced("Conv"); !slices.Equal(got, []string{"b"}) {
		t.Errorf("Produced: %q", got)
	}
	if m.Opset() != 15 || !slices.Equal(m.Inputs(), []string{"in", "other"}) || !slices.Equal(m.Outputs(), []string{"out"}) {
		t.Error(m.Opset(), m.Inputs(), m.Outputs())
	}
	if got := m.From("b"); !got["out"] || got["side"] || got["a"] {
		t.Errorf("From: %v", got)
	}
	if got := m.Toward("out", "c"); !got["other"] || got["b"] {
		t.Errorf("Toward: %v", got)
	}
	if got := m.Waists("in", "out"); !slices.Equal(got, []string{"in", "a", "b", "c", "out"}) {
		t.Errorf("Waists: %q", got)
	}
	// Five taps three apart look 6 away; four taps two apart no further than 1.
	got, err := m.Reach("in", "b", "out")
	if err != nil || !slices.Equal(got, []graph.Reach{{6, 1, 5}, {7, 2, 9}}) {
		t.Errorf("Reach: %v, %v", got, err)
	}
}

func TestCut(t *testing.T) {
	m := parse(t, chain().Bytes())
	data, err := m.Cut([]string{"b"}, []string{"out"})
	if err != nil {
		t.Fatal(err)
	}
	c := parse(t, data)
	if !slices.Equal(c.Inputs(), []string{"other", "b"}) || len(c.Nodes()) != 3 {
		t.Errorf("inputs %q, %d nodes", c.Inputs(), len(c.Nodes()))
	}
	if _, ok := c.Weight("w"); ok {
		t.Error("a weight was kept that nothing uses")
	}
	for _, bad := range [][2][]string{{{"side"}, {"b"}}, {{"b"}, {"nothing"}}, {{"nothing"}, {"out"}}, {{}, {"in"}}} {
		if _, err := m.Cut(bad[0], bad[1]); err == nil {
			t.Errorf("Cut(%q, %q) is no error", bad[0], bad[1])
		}
	}
}

// A graph inside a node uses outer values by name: they are needed too.
func TestInnerGraph(t *testing.T) {
	var inner graphtest.Model
	inner.Node("Neg", []string{"hidden"}, []string{"branch"})
	inner.Output("branch", graphtest.Float, 1)
	m := &graphtest.Model{}
	m.Input("in", graphtest.Float, 1)
	m.Input("test", 9, 0)
	m.Node("Relu", []string{"in"}, []string{"hidden"})
	m.Node("If", []string{"test"}, []string{"out"}, graphtest.Attr{Name: "then_branch", Value: inner.Graph()}, graphtest.Attr{Name: "else_branch", Value: inner.Graph()})
	m.Output("out", graphtest.Float, 1)
	data, err := parse(t, m.Bytes()).Cut(nil, []string{"out"})
	if err != nil {
		t.Fatal(err)
	}
	if got := parse(t, data).Produced("Relu"); len(got) != 1 {
		t.Error("what the inner graph uses was cut away")
	}
}

func TestHostile(t *testing.T) {
	good := chain().Bytes()
	nested := graphtest.Model{}
	nested.Node("Relu", []string{"a"}, []string{"b"})
	for range 20 {
		outer := graphtest.Model{}
		outer.Node("If", []string{"c"}, []string{"d"}, graphtest.Attr{Name: "then_branch", Value: nested.Graph()})
		nested = outer
	}
	twice := &graphtest.Model{}
	twice.Node("Relu", []string{"a"}, []string{"b"})
	twice.Node("Relu", []string{"a"}, []string{"b"})
	huge := binary.AppendUvarint([]byte{8, 8, 7<<3 | 2}, 2<<30)
	for name, data := range map[string][]byte{
		"nothing": nil, "text": []byte("<html>404 not found</html>"), "zip": []byte("PK\x03\x04\x14\x00"),
		"cut short": good[:len(good)-1], "claims 2 GB": huge, "claims all": append(huge[:3:3], 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1),
		"endless varint": {8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
		"group":          {8, 8, 0x3b}, "no graph": {8, 8}, "field 0": {2, 0}, "nested": nested.Bytes(), "made twice": twice.Bytes(),
	} {
		_, err := graph.Parse(data)
		if !errors.Is(err, graph.ErrNotONNX) || !strings.HasPrefix(err.Error(), "not an ONNX model: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for n := range good {
		graph.Parse(good[:n])
	}
	elsewhere := chain()
	elsewhere.Elsewhere("stolen", "../../etc/passwd")
	if !parse(t, elsewhere.Bytes()).External() {
		t.Error("weights of another file were not seen")
	}
}

func FuzzModel(f *testing.F) {
	f.Add(chain().Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := graph.Parse(data)
		if err != nil {
			return
		}
		m.Planes()
		for _, n := range m.Nodes() {
			n.Ints("dilations")
			for _, out := range n.Outputs {
				m.Expose(out)
				m.Reach("in", out)
				m.Waists("in", out)
				if cut, err := m.Cut([]string{"b"}, []string{out}); err == nil {
					if _, err := graph.Parse(cut); err != nil {
						t.Fatalf("what was cut cannot be read: %v", err)
					}
				}
			}
		}
	})
}

// The runtime takes what was written, and it computes the same.
func TestRun(t *testing.T) {
	onnxtest.Open(t)
	m := parse(t, chain().Bytes())
	in := []float32{1, -2, 3, 4, -5, 6, 7, 8, 9, 10}
	other := make([]float32, 20)
	exposed, err := m.Expose("b")
	if err != nil {
		t.Fatal(err)
	}
	whole := onnxtest.Run(t, exposed, []string{"in", "other"}, []string{"out", "b"}, onnx.Tensor(in, 1, 1, 10), onnx.Tensor(other, 1, 1, 20))
	rest, err := m.Cut([]string{"b"}, []string{"out"})
	if err != nil {
		t.Fatal(err)
	}
	if got := onnxtest.Run(t, rest, []string{"b", "other"}, []string{"out"}, onnx.Tensor(whole[1], 1, 1, 10), onnx.Tensor(other, 1, 1, 20)); !slices.Equal(got[0], whole[0]) {
		t.Errorf("the rest makes %v of the first part's, the whole %v", got[0], whole[0])
	}
	front, err := m.Cut(nil, []string{"c"})
	if err != nil {
		t.Fatal(err)
	}
	plane, err := parse(t, front).Planes()
	if err != nil {
		t.Fatal(err)
	}
	flat := onnxtest.Run(t, front, []string{"in"}, []string{"c"}, onnx.Tensor(in, 1, 1, 10))
	if got := onnxtest.Run(t, plane, []string{"in"}, []string{"c"}, onnx.Tensor(in, 1, 1, 1, 10)); len(got[0]) != 20 || !near(got[0], flat[0], 1e-5) {
		t.Errorf("in a plane it makes %v, not %v", got[0], flat[0])
	}
}

func near(a, b []float32, within float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool { return max(x-y, y-x) <= within })
}
