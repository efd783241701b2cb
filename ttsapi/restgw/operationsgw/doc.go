// Package operationsgw is the generated REST gateway of google.longrunning.Operations under both versions. Routes are
// registered by package restgw.
package operationsgw
