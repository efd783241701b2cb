// Package enginetest proves that an engine keeps the contract of package
// driver. The tests of an engine need little more than
//
//	func TestConformance(t *testing.T) {
//		enginetest.Run(t, enginetest.Harness{New: func(t testing.TB) driver.Engine { … }})
//	}
//
// once with the engine itself and once with it behind worker.Start, so that
// the protocol is proved along with it.
package enginetest
