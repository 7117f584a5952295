/** For the help of every command: lines that can be typed as they are, with a card's own words. */

const CARD = "--card tcp:127.0.0.1:7001";
const CARDS = `${CARD} --card tcp:127.0.0.1:7002`;
const OWN = "--card serial:/dev/ttyACM0 --maker ~/maker";

/** By the command's words. A new command does not pass its test before it has its line here. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  demo: ["kincard demo", "kincard demo --record demo.jsonl"],
  virtual: ["kincard virtual --flash a.flash --listen tcp:127.0.0.1:7001"],
  "maker init": ["kincard maker init --maker ~/maker"],
  "maker list": ["kincard maker list --maker ~/maker"],
  "maker label": ["kincard maker label 9Q3K-41ZB-7FMX-PTWH-0C2J --maker ~/maker --svg labels"],
  personalise: [`kincard personalise ${CARD}`, `kincard personalise ${OWN} --serial 1`],
  status: [`kincard status ${CARDS}`],
  verify: [`kincard verify ${OWN} --expect 9Q3K-41ZB-7FMX-PTWH-0C2J`],
  activate: [`kincard activate ${CARD} --wallet wallet.json`],
  backup: [`kincard backup ${CARDS} --run backup.json`],
  offer: ["kincard offer --card tcp:127.0.0.1:7002 --wallet wallet.json"],
  confirm: [`kincard confirm ${CARD} --run backup.json`],
  finish: [`kincard finish ${CARD}`],
  cancel: ["kincard cancel --card tcp:127.0.0.1:7002"],
  ledger: [`kincard ledger ${CARDS}`],
  pubkey: [`kincard pubkey ${CARD} --path "m/84'/0'/0'/0/0"`],
  xpub: [`kincard xpub ${CARD} --path "m/84'/0'/0'"`],
  sign: [`kincard sign ${CARD} --path m/44h/60h/0h/0/0 --digest ${"07".repeat(32)}`],
  descriptor: [`kincard descriptor ${CARD} --kind wpkh`],
  "sign-message": [`kincard sign-message ${CARD} --for ethereum --message hello`],
  "sign-psbt": [`kincard sign-psbt ${CARD} --psbt unsigned.psbt --out signed.psbt`],
  "sign-tx": [`kincard sign-tx ${CARD} --tx transaction.json`],
  serve: [`kincard serve ${CARD}`, "kincard serve --describe"],
  code: [`kincard code ${CARD}`],
  reset: [`kincard reset ${CARD}`, `kincard reset ${CARD} --button`],
  cards: ["kincard cards"],
  "cards forget": ["kincard cards forget savings"],
  "cards rename": ["kincard cards rename 9Q3K-41ZB-7FMX-PTWH-0C2J savings"],
  flash: ["kincard flash --port serial:/dev/ttyACM0 --board puckjs"],
  doctor: ["kincard doctor", "kincard doctor --board tcp:127.0.0.1:7001"],
  "rng-dump": [
    "kincard rng-dump --board serial:/dev/ttyACM0 --out raw.bin",
    "kincard rng-dump --board serial:/dev/ttyACM0 --out restarts.bin --append --bytes 1000",
  ],
  ports: ["kincard ports"],
  web: ["kincard web", "kincard web --cards 2 --https"],
  conform: [`kincard conform ${CARD}`],
  hil: [`kincard hil ${CARDS} --html hil.html`, "kincard hil --rack rack.json --junit hil.xml"],
  view: ["kincard view run.jsonl", "kincard view run.jsonl --html run.html"],
  replay: [`kincard replay run.jsonl ${CARDS}`],
};
