package textnorm

import "strings"

// own are the rules that a language brings itself. Each list is tried before the
// rules that languages share.
type own struct{ chunk, number, sign []rule }

// standardRules sets the rules of a language: its own, then those of all. A
// rule whose words or tables a language lacks does nothing.
func (l *language) standardRules(own own) {
	l.chunkRules = append([]rule{sayInstant, sayScale, sayRaceTime, sayNumericDate}, own.chunk...)
	l.chunkRules = append(l.chunkRules, sayAnyTelephone, sayElectronic)
	l.numberRules = append([]rule{sayDialled, sayAllDay, sayCoordinate, sayBookNumber, sayRaceTime, sayCross, sayVerse, sayBloodPressure, sayAnyTelephone, sayGroups, sayScientific, sayPower, sayDuration}, own.number...)
	l.numberRules = append(l.numberRules,
		sayMarkedOrdinal, sayOrdinal, sayMoneyBehind, sayShortNumber, sayHalf, sayMeasure, sayPartsOf, sayPair, sayFraction, sayMagnitude, sayDotted, saySerial, sayNumber)
	l.signRules = append([]rule{sayAnyTelephone, saySections, sayAndOr}, own.sign...)
	l.signRules = append(l.signRules,
		sayNote, sayTag, sayEmphasis, sayHeading, sayLink, sayHashtag, sayAbsolute, sayFactorial, sayBar, sayOperator, sayInnerStop, sayHandle, sayAbout, sayMoney, sayMinusFraction, sayMinus, sayMinusApart, sayByLength, sayTimes, sayDividedBy, sayLateYear, saySlashedCapitals, sayRaised, sayLowered,
		sayPerWord, sayPerUnit, sayRatio, sayRange, sayPointFirst, sayHalf, sayFractionSign, sayName, saySign)
	l.capsRules = []rule{sayRomanYear, sayIBAN, saySerial, sayFormula, sayInitials, sayRomanAlone, sayCapitals}
	l.possessiveRules = []rule{sayInitialisms}
	l.moneyWordRules()
	if l.dials == nil {
		l.dials = []rule{sayTelephone}
	}
	l.lexicon.add("n", sayNumeroSign)
	l.lexicon.add("x", sayByLength)
	l.lexicon.add(l.units["°"].one, sayDegreeLetter)
	l.lexicon.add(l.units["°"].many, sayDegreeLetter)
	l.lexicon.add("localhost", sayPort)
	l.unitWords = make(map[string]bool)
	for symbol, u := range l.units {
		if !strings.Contains(u.one, " ") {
			l.unitWords[u.one], l.unitWords[u.many] = true, true
		}
		if isPerUnit(symbol) {
			l.lexicon.add(symbol, sayUnitAlone)
		}
	}
}

// moneyWordRules lets currencies that are written in letters begin amounts.
func (l *language) moneyWordRules() {
	for key := range l.currencies {
		if letters := currencyLetters(key); letters != "" {
			l.lexicon.add(letters, sayMoney)
		}
	}
}
