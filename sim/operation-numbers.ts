// Store calls as numbers: their places in storeOperations.

import { storeOperations } from "../config/scenario.ts";

export const GET = storeOperations.indexOf("getItem");
export const GET_EXCLUSIVE = storeOperations.indexOf("getItemExclusive");
export const SET_AND_RELEASE = storeOperations.indexOf("setAndReleaseItemExclusive");
export const RELEASE_EXCLUSIVE = storeOperations.indexOf("releaseItemExclusive");
export const REMOVE = storeOperations.indexOf("removeItem");
export const RESET_TIMEOUT = storeOperations.indexOf("resetItemTimeout");
export const CREATE_UNINITIALIZED = storeOperations.indexOf("createUninitializedItem");
