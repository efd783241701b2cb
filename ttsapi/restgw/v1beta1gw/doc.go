// Package v1beta1gw is the generated REST gateway of the v1beta1 text-to-speech services. Routes are
// registered by package restgw.
package v1beta1gw
