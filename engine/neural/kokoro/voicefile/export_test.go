package voicefile

// What tests from outside look at.

var Check = check
