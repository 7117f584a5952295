/**
 * The card on a chip over Bluetooth: our GATT service, packets, backups by the host's own link.
 */
import assert from "node:assert/strict";
import type { Central } from "../../../host/emulator/air/air.js";
import { compareLedgers } from "../../../host/sdk/card/ledger.js";
import { CardSession } from "../../../host/sdk/card/session.js";
import { LineTransport } from "../../../host/sdk/links/line/transport.js";
import { GATT } from "../../../host/sdk/wire/generated.js";
import { duplexOf, fields, NAME, UUIDS, type HostRadio } from "../../ble/support.js";
import { closeAll, CODE, COST, makeChip, maker, missing, title } from "./support.js";

const reason = missing();

/** A card that only the air reaches: no cable, so the UART is off. */
class Airborne {
  readonly board;
  session!: CardSession;
  central!: Central;

  constructor(seed: string) {
    this.board = makeChip({ seed, cable: false });
    this.board.powerOn();
    this.board.advance(0.8);
  }
  async connect(air: HostRadio = {}): Promise<this> {
    this.central = this.board.air.connect(air.mtu);
    this.board.advance(0.2);
    const duplex = { ...duplexOf(this.central, air), clock: this.board.drive.clock };
    this.session = new CardSession(await LineTransport.connect(duplex, { name: "air" }));
    return this;
  }
  async channel() {
    return this.session.openChannel({ maker: maker.publicKey });
  }
}

describe(title("the card over Bluetooth on a chip", reason), function () {
  this.timeout(300_000);
  before(function () {
    if (reason) this.skip();
  });
  afterEach(closeAll);

  it("advertises its name and service under an address of its own, not the factory's", () => {
    const { board } = new Airborne("heard");
    const { address, data, scanResponse } = board.air.advertisement!;
    assert.match(fields(data).get(NAME)!.toString(), /^Kincard [0-9a-f]{4}$/);
    const uuid = fields(scanResponse).get(UUIDS)!.reverse().toString("hex");
    assert.equal(uuid, GATT.SERVICE.replaceAll("-", ""));
    const factory = board.chip.softdevice!.ble.factory;
    assert.notEqual(address, factory);
    assert.match(factory, /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
  });
  it("answers STATUS by notifications, at both sizes of packet", async () => {
    for (const mtu of [23, 53]) {
      const card = await new Airborne(`mtu ${mtu}`).connect({ mtu });
      assert.equal((await card.session.status()).state, "BLANK");
      assert.equal(card.board.chip.softdevice!.ble.link.mtu, mtu);
      assert.ok(Math.max(...card.central.sizes) <= mtu - 3, `${card.central.sizes}`);
      assert.deepEqual(card.board.failures, []);
      await card.session.close();
    }
  });
  it("is heard again after a connection, and takes the next", async () => {
    const card = await new Airborne("again").connect();
    await card.session.status();
    await card.session.close();
    assert.equal(card.board.air.advertisement, undefined);
    card.board.advance(1);
    assert.ok(card.board.air.advertisement);
    await card.connect();
    assert.equal((await card.session.status()).state, "BLANK");
  });
  it("backs itself up onto another, all over the air", async () => {
    const [source, copy] = [new Airborne("air source"), new Airborne("air copy")];
    for (const card of [source, copy]) {
      await card.connect();
      const { session } = card;
      await session.certify(maker.certify(await session.personalise()).bytes);
    }
    const id = (await source.channel()).certificate.id;
    const { setId } = await source.session.activate(CODE, { cost: COST });
    const ids = [(await copy.channel()).certificate.id];
    await copy.session.nameSource({ id, setId });
    await source.session.nameDestinations({ setSize: 2, ids });
    const transfer = await source.session.seal(await copy.session.offer());
    await source.session.confirm(await copy.session.accept(transfer));
    await copy.channel();
    await copy.session.enterCode(CODE);
    const ledgers = [await source.session.ledger(), await copy.session.ledger()] as const;
    assert.deepEqual(compareLedgers(...ledgers), []);
    for (const { board } of [source, copy]) assert.deepEqual(board.failures, []);
  });
});
