export function writeTables(): void {}
