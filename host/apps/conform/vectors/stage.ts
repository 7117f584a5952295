/**
 * Brings a card into a situation of test/vectors/cases by a live ceremony in which the kit plays
 * every other party: the maker (the published demo maker) and the peers. The counterpart of
 * test/vectors/model.ts, which does the same on paper.
 *
 * An offer that it made the card make is not dropped, which would want a button: the kit is the
 * source that was named, completes the copy, and resets it by the code, which it knows.
 */
import { DEMO_MAKER_PRIVATE } from "../../../../firmware/build/demo-maker.js";
import { STATES, type CommandName, type StateName } from "../../../sdk/wire/generated.js";
import { offerBy } from "../../../../test/vectors/cases/offer.js";
import { keysOfPeer } from "../../../../test/vectors/cases/receipt.js";
import { transferBy } from "../../../../test/vectors/cases/transfer.js";
import type { Situation, World } from "../../../../test/vectors/cases/types.js";
import { cardId, certificate, receipt } from "../../../../test/vectors/messages.js";
import { makeContent, makePeer } from "../../../../test/vectors/model.js";
import { Source, byte, cat, fromHex, hex, keyPair } from "../../../../test/vectors/suite.js";
import type { Bytes } from "../../../../test/vectors/suite.js";
import { ACCESS_CODE, COST, stretch } from "../../../../test/vectors/wallet.js";
import { CODE_TEXT, Held, WAIT_MOST } from "../card.js";
import { Skip } from "../check.js";
import { pass, type Levers, type Place } from "../rack.js";
import { carrierTo } from "./carrier.js";
import { LiveCard, OK, type Answer } from "./live.js";

/** Of a situation, what leads there. */
export type Scene = Pick<Situation, "state" | "session" | "named" | "n" | "slot">;

function must(what: string, answer: Answer): Bytes {
  if (answer.sw !== OK) throw new Error(`${what}: ${answer.sw.toString(16)}`);
  return answer.data;
}
const stateOf = (status: Bytes): StateName => {
  const names = Object.keys(STATES) as StateName[];
  return names.find((name) => STATES[name].value === status[2]) ?? "DAMAGED";
};

export class Stage {
  world: World;
  #certified: Bytes = byte();

  private constructor(
    public card: LiveCard,
    private readonly levers: Levers,
    private readonly scene: Scene,
    private readonly seed: string,
  ) {
    const source = new Source(seed);
    const maker = keyPair(fromHex(DEMO_MAKER_PRIVATE));
    const setId = source.bytes("set id", 16);
    this.world = {
      source,
      maker,
      stranger: source.key("another Kmaker"),
      card: { kcard: byte(), certificate: byte(), id: byte() },
      setId,
      peers: [makePeer(source, maker, "peer 0"), makePeer(source, maker, "peer 1")],
      content: makeContent(source, "wallet", setId, 2),
    };
  }

  /**
   * A link to the card at `place`, and the card in that scene, whatever it held before: what the
   * kit can't empty stays, and a Skip or Error says why.
   */
  static async set(place: Place, scene: Scene, seed: string): Promise<Stage> {
    const carrier = await carrierTo(place);
    try {
      const stage = new Stage(
        new LiveCard(carrier, new Source(`${seed} link`)),
        place.levers,
        scene,
        seed,
      );
      await stage.#reach();
      return stage;
    } catch (error) {
      await carrier.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.card.carrier.close();
  }

  /** Power off and on, with `place`'s lever, and another link; the scene is what it was. */
  async reboot(place: Place): Promise<void> {
    await this.close();
    await place.levers.power?.off();
    await place.levers.power?.on();
    const link = new Source(`${this.seed} link after the power`);
    this.card = new LiveCard(await carrierTo(place), link);
  }

  async #reach(): Promise<void> {
    const { scene } = this;
    await this.card.select();
    const status = await this.card.status();
    if (!((status[3] ?? 0) & 1)) throw new Skip("needs a DEMO card: the maker's key signs peers");
    if (stateOf(status) === "BLANK") await this.#certify(scene.state === "BLANK");
    else if (scene.state === "BLANK") throw new Skip("needs a card that was never personalised");
    if (scene.state === "BLANK") return;
    this.#known(await this.#plain("CERTIFICATE"));
    await this.#empty();
    if (scene.state === "EMPTY") return;
    if (scene.state === "OFFERED" || scene.state === "COPY") await this.#offer();
    else await this.#activate();
  }

  async #plain(name: CommandName, data: Bytes = byte()): Promise<Bytes> {
    return must(name, await this.card.plain(name, data));
  }
  async #secure(name: CommandName, data: Bytes = byte()): Promise<Bytes> {
    return must(name, await this.card.secure(name, data));
  }
  #known(certified: Bytes, kcard = certified.slice(6, 39)): void {
    this.#certified = certified;
    this.world = { ...this.world, card: { kcard, certificate: certified, id: cardId(kcard) } };
  }

  async #certify(stay: boolean): Promise<void> {
    const kcard = (await this.#plain("PERSONALISE")).slice(0, 33);
    this.#known(certificate(this.world.maker, kcard), kcard);
    if (!stay) await this.#plain("CERTIFY", this.#certified);
  }

  /** Any state with a certificate -> EMPTY. */
  async #empty(): Promise<void> {
    const state = stateOf(await this.card.status());
    if (state === "EMPTY") return;
    if (state === "DAMAGED") throw new Error("its record is damaged");
    if (state === "OFFERED") await this.#accept(await this.#plain("OFFER"));
    for (const code of [ACCESS_CODE, CODE_TEXT]) {
      await this.#wait();
      await this.card.open(this.#certified);
      const { salt, cost } = this.card;
      const { sw } = await this.card.secure("CODE", stretch(code, salt, cost));
      if (sw === OK) return void (await this.#secure("RESET"));
    }
    throw new Skip("it holds a wallet under a code that the kit doesn't know");
  }
  /** Takes the key of peer 0, if it is peer 0 that the OFFER names. */
  async #accept(offer: Bytes): Promise<void> {
    const [source, set] = [offer.subarray(143, 159), offer.subarray(159, 175)];
    const { peers, setId } = this.world;
    if (hex(source) !== hex(peers[0].id) || hex(set) !== hex(setId)) {
      throw new Skip("it holds an offer for a source that the kit doesn't know: drop that first");
    }
    this.world = { ...this.world, offer };
    await this.#plain("ACCEPT", transferBy(this.world));
  }

  async #offer(): Promise<void> {
    const { world, card } = this;
    await card.open(this.#certified);
    await this.#secure("NAME_SOURCE", cat(world.peers[0].id, world.setId));
    const offer = await this.#plain("OFFER");
    if (this.scene.state === "COPY") await this.#accept(offer);
    else this.world = { ...world, offer };
  }

  async #activate(): Promise<void> {
    const { card, scene } = this;
    await card.open(this.#certified);
    const salt = await this.#secure("SALT");
    const stretched = stretch(ACCESS_CODE, salt, COST);
    const answer = await this.#secure("ACTIVATE", cat(byte(COST), stretched));
    const made = { setId: answer.slice(0, 16), master: answer.slice(16), stretched };
    this.world = { ...this.world, ...made };
    if (!scene.slot) return;
    const { world } = this;
    await this.#secure("NAME_DESTINATIONS", cat(byte(scene.n ?? 2), world.peers[0].id));
    const transfer = await this.#plain("SEAL", offerBy(world, world.peers[0]));
    this.world = { ...world, transfer };
    if (scene.slot !== "CONFIRMED") return;
    await this.#plain("CONFIRM", receipt(keysOfPeer(this.world).kreceipt, transfer));
  }

  /** The session that the situation asks for, anew: a refusal ended the last one. */
  async ready(session = this.scene.session): Promise<World> {
    const { card, world, scene } = this;
    await card.select();
    await this.#wait();
    if (session === "none") return world;
    await card.open(this.#certified);
    const channel = card.channel && { toCard: card.channel.toCard, toHost: card.channel.toHost };
    if (session === "salt") await this.#secure("SALT");
    if (session === "code") {
      await this.#secure("CODE", stretch(ACCESS_CODE, card.salt, card.cost));
    }
    if (scene.named) {
      const ids = scene.named.peers.map((index) => world.peers[index].id);
      await this.#secure("NAME_DESTINATIONS", cat(byte(scene.named.n), ...ids));
    }
    return { ...world, channel };
  }
  /** Lets the time pass that STATUS says the card still waits. */
  async #wait(): Promise<void> {
    const status = await this.card.status();
    const seconds = ((status[10] ?? 0) << 8) | (status[11] ?? 0);
    if (!seconds || stateOf(status) === "OFFERED") return;
    if (!this.levers.time && seconds > WAIT_MOST) {
      throw new Held(`it takes the next try in ${seconds} s`);
    }
    await pass(this.levers, seconds + 1);
  }
  /** STATUS but for the tries, which a wrong code must change. */
  async state(): Promise<string> {
    return hex((await this.card.status()).subarray(0, 8));
  }
}
