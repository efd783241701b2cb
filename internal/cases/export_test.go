package cases

// What tests from outside look at.

var Fold = fold
