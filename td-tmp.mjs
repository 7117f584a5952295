import { Application } from "typedoc";
const e = "index core relay/index maker/index links/index recording/index signers/viem signers/ethers signers/bitcoin".split(" ").map(x=>`host/sdk/${x}.ts`).concat("host/emulator/card/index.ts","host/emulator/index.ts");
const app = await Application.bootstrap({entryPoints:e,tsconfig:"tsconfig.json",skipErrorChecking:true,projectDocuments:["docs/*.md","docs/decisions/*.md","test/vectors/README.md",".github/SECURITY.md"],readme:"README.md",name:"Kincard",disableGit:true,sourceLinkTemplate:"https://example.invalid/{path}#L{line}",disableSources:true,githubPages:false,
 sluggerConfiguration:{lowercase:true}});
const p = await app.convert(); 
await app.generateOutputs?.call; await app.generateDocs(p,"/tmp/td-site");
