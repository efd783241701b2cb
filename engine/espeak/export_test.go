package espeak

// What tests from outside look at.

const Name = engineName
