/** The short-lived name of this card for whoever is near it: four hex digits, nothing derived. */
// eslint-disable-next-line prefer-const -- renewed by the radio
export let name = "0000";
