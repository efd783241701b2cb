// Package licences is a test: what the programs link may be linked.
package licences
