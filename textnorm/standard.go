package textnorm

import "strings"

// own are the rules that a language brings itself. Each list is tried before the
// rules that languages share.
type own struct {
	chunk, sign []opening
	number      []rule
}

// standardRules sets the rules of a language: its own, then those of all. A
// rule whose words or tables a language lacks does nothing.
func (l *language) standardRules(own own) {
	l.chunkRules = byFirst(
		on(anyDigit, sayListed, sayInstant, sayScale, sayRaceTime, sayNumericDate, sayYearMonth),
		own.chunk,
		on(anyDigit+"+(", sayAnyTelephone),
		on(anyDigit+anyLetter+"/@.~", sayElectronic))
	l.keepSmall()
	l.numberRules = append([]rule{sayListed, sayStandard, sayReferenceNumber, sayDialled, sayAllDay, sayCoordinate, sayBookNumber, sayMeters, sayRaceTime, sayVerse, sayBloodPressure, sayAnyTelephone, sayGroups, sayScientific, sayPower, sayDuration}, own.number...)
	l.numberRules = append(l.numberRules,
		sayMonthYear, sayOutOf, sayCross, sayTimesOver, sayMarkedOrdinal, sayOrdinal, sayMoneyBehind, sayShortNumber, sayHalf, sayMeasure, sayPerTime, sayPartsOf, sayPair, sayFraction, sayMagnitude, sayDotted, saySerial, sayNumber)
	l.innerRules = []rule{sayDotted, sayNumber}
	l.signRules = byFirst(
		on("+(", sayAnyTelephone), on("§", saySections), on("°", sayScaleOfDegrees), on("/", sayAndOr, sayOtherTime),
		own.sign,
		on("♪♫♬♩>", sayNote), on("<>", sayGuillemets), on("<", sayTag), on("*_~`", sayEmphasis), on("#>", sayHeading), on("[!", sayLink), on("#", sayNumberSign, sayHashtag),
		on("|", sayTableRule, sayAbsolute), on("!", sayFactorial), on("|", sayBar), on("=!<-+&~>", sayOperator), on(".", sayInnerStop), on("@", sayHandle), on("~≈∼", sayAbout),
		on("$"+anyBeyond, sayMoney, sayMoneyOf), on("-−–", sayMinusFraction, sayMinus, sayMinusApart), on("×", sayByLength), on("*·⋅", sayTimes), on("/:", sayDividedBy),
		on("'’‘", sayLateYear), on("/", saySlashedCapitals), on("^"+anyBeyond, sayRaised), on(anyBeyond, sayLowered),
		on("/", sayPerWord, sayPerUnit), on(":", sayRatio), on("-–—−", sayRange), on(l.decimal, sayPointFirst), on(anyBeyond, sayHalf, sayFractionSign, sayName),
		on(l.symbols()+anyBeyond, saySign))
	l.capsRules = []rule{sayRomanPoint, sayRomanYear, sayIBAN, saySerial, sayFormula, sayInitials, sayRomanAlone, sayCapitals}
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
	l.lexicon.add("km", sayKilometer)
	for _, length := range []string{"m", "km", "cm", "mm", "dm"} {
		l.lexicon.add(length, sayRaisedLength)
	}
	for n := 1; n < 40; n++ {
		l.lexicon.add(strings.ToLower(toRoman(n)), sayRomanSmall)
		l.lexicon.add(strings.ToLower(toRoman(n)), sayRomanJoined)
	}
	l.unitWords = make(map[string]bool)
	for symbol, u := range l.units {
		if !strings.Contains(u.one, " ") {
			l.unitWords[u.one], l.unitWords[u.many] = true, true
		}
		if isPerUnit(symbol) {
			l.lexicon.add(strings.ToLower(symbol), sayUnitAlone)
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
