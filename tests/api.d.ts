export interface paths {
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get who is asking
         * @description To a key: what it may do, and in which organization. To a person: themselves, and their organizations.
         */
        get: operations["auth.me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orgs/{org}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the organization
         * @description With the role that you have in it, and with what its tier grants: `-1` is without an end. Needs `org.read`.
         */
        get: operations["orgs.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change name or slug
         * @description Calls have to name the new slug at once; only pages are led from the old one to the new. Needs `org.update`. For people alone: no key may do this.
         */
        patch: operations["orgs.update"];
        trace?: never;
    };
    "/api/v1/orgs/{org}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what happened
         * @description Newest first. `from` is the first moment that counts, `to` the first that does not. Needs `audit.read`. For people alone: no key may do this.
         */
        get: operations["audit.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orgs/{org}/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List customers
         * @description `q` finds customers by the beginning of any word of the name, or of the address. The cursor of a page goes with the order of its list. Needs `customers.read`.
         */
        get: operations["customers.list"];
        put?: never;
        /**
         * Add a customer
         * @description An address is that of one customer in an organization: a second one is 409 `conflict`. Needs `customers.write`.
         */
        post: operations["customers.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orgs/{org}/customers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a customer
         * @description Needs `customers.read`.
         */
        get: operations["customers.get"];
        put?: never;
        post?: never;
        /**
         * Delete a customer
         * @description Needs `customers.write`.
         */
        delete: operations["customers.delete"];
        options?: never;
        head?: never;
        /**
         * Change a customer
         * @description What is left out stays as it is; `null` empties a phone number or notes. Needs `customers.write`.
         */
        patch: operations["customers.update"];
        trace?: never;
    };
    "/api/v1/orgs/{org}/customers/{id}/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Summarize the notes
         * @description Costs AI tokens of the plan. A customer without notes is 400 `invalid`. Needs `customers.read`.
         */
        post: operations["assistant.summarize"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orgs/{org}/invitation-batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Invite up to 50 people
         * @description Says of each address, in the order given, what became of it; one that is refused refuses no other. Needs `members.invite`. For people alone: no key may do this.
         */
        post: operations["invitations.createMany"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orgs/{org}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List invitations
         * @description Those that nobody has answered yet, newest first. Needs `members.invite`. For people alone: no key may do this.
         */
        get: operations["invitations.list"];
        put?: never;
        /**
         * Invite somebody
         * @description Mails a link. Whoever is a member or invited already is 409 `conflict`. Needs `members.invite`. For people alone: no key may do this.
         */
        post: operations["invitations.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orgs/{org}/invitations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an invitation
         * @description Needs `members.invite`. For people alone: no key may do this.
         */
        delete: operations["invitations.revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orgs/{org}/invitations/{id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an invitation again
         * @description Under another link and in your name; the link before is dead. Needs `members.invite`. For people alone: no key may do this.
         */
        post: operations["invitations.resend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orgs/{org}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List members
         * @description By the time they joined. `q` is the beginning of a name, of a username or of an address. Needs `members.read`.
         */
        get: operations["members.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orgs/{org}/members/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a member
         * @description Needs `members.write`. For people alone: no key may do this.
         */
        delete: operations["members.remove"];
        options?: never;
        head?: never;
        /**
         * Give a member another role
         * @description An organization keeps at least one admin: the last one stays what they are, 409 `conflict`. Needs `members.write`. For people alone: no key may do this.
         */
        patch: operations["members.setRole"];
        trace?: never;
    };
    "/api/v1/orgs/{org}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get what is used of each quota
         * @description Needs `usage.read`.
         */
        get: operations["usage.summary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orgs/{org}/usage/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get what was used day by day
         * @description Your own use; that of all, for whoever has `usage.readAll`. Needs `usage.read`.
         */
        get: operations["usage.history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orgs/{org}/usage/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who used most
         * @description Needs `usage.readAll`. For people alone: no key may do this.
         */
        get: operations["usage.topUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Error: {
            error: {
                /** @description For programs; null is a fault of ours. */
                reason: ("unauthenticated" | "invalid_credentials" | "email_not_verified" | "password_required" | "forbidden" | "feature_disabled" | "csrf" | "step_up_required" | "suspended" | "impersonating" | "not_found" | "method_not_allowed" | "conflict" | "quota_exceeded" | "rate_limited" | "expired" | "invalid" | "too_large" | "unsupported_media_type" | "overloaded" | "unavailable") | null;
                /** @description For people: what is wrong, and what to do. */
                message: string;
                /** @description What is wrong with single fields of the input. */
                fields: Record<string, never> | null;
                /** @description The number of the request, for questions about it. */
                requestId: string;
            };
        };
        Key: {
            key: {
                /** Format: uuid */
                id: string;
                name: string;
                /** @enum {string} */
                role: "readonly" | "member" | "org_admin";
                permissions: string[];
            };
            org: {
                slug: string;
                name: string;
            };
        };
        Person: {
            user: {
                /** Format: uuid */
                id: string;
                email: string;
                username: string | null;
                firstName: string | null;
                lastName: string | null;
                avatarUrl: string | null;
                timeZone: string | null;
                /** @enum {string} */
                role: "readonly" | "member" | "org_admin" | "sys_admin";
                emailVerified: boolean;
            };
            session: {
                id: string;
                /** Format: date-time */
                createdAt: string;
                /** Format: date-time */
                expiresAt: string;
            };
            orgs: {
                slug: string;
                name: string;
                /** @enum {string} */
                role: "readonly" | "member" | "org_admin";
            }[];
            /** @description Whoever of support acts for that person. */
            impersonator: {
                /** Format: uuid */
                id: string;
                name: string;
                email: string;
            } | null;
            csrfToken: string;
        };
        Organization: {
            /** Format: uuid */
            id: string;
            slug: string;
            name: string;
            /** @enum {string} */
            role: "readonly" | "member" | "org_admin";
            /** Format: date-time */
            createdAt: string;
            tier: string;
            features: Record<string, never>;
        };
        AuditEntry: {
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            at: string;
            action: string;
            actor: {
                /** @enum {string} */
                kind: "user" | "key" | "system";
                id: string | null;
                name: string;
            };
            /** @description Whoever of support acted for that person. */
            impersonator: {
                /** Format: uuid */
                id: string;
                name: string;
            } | null;
            target: {
                id: string | null;
                name: string;
            } | null;
            ip: string | null;
            device: string | null;
            requestId: string | null;
            details: Record<string, never>;
        };
        Customer: {
            /** Format: uuid */
            id: string;
            name: string;
            email: string;
            phone: string | null;
            notes: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        Invitation: {
            /** Format: uuid */
            id: string;
            email: string;
            /** @enum {string} */
            role: "readonly" | "member" | "org_admin";
            /** @enum {string} */
            status: "pending" | "expired" | "inviter_gone";
            invitedBy: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string;
        };
        Member: {
            /** Format: uuid */
            userId: string;
            name: string;
            email: string;
            avatarUrl: string | null;
            /** @enum {string} */
            role: "readonly" | "member" | "org_admin";
            /** Format: date-time */
            joinedAt: string;
        };
    };
    responses: {
        /** @description The request cannot be read, or a field of it is not what it should be. */
        Invalid: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "reason": "invalid",
                 *         "message": "Please check what you entered.",
                 *         "fields": {
                 *           "limit": [
                 *             "Too big: expected number to be <=100"
                 *           ]
                 *         },
                 *         "requestId": "6f2c0a52-8f0e-4f3c-9f0e-1d2c3b4a5968"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description There is no key, or none that is good: unknown, expired or revoked. */
        Unauthenticated: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                /** @description How to say who one is. */
                "WWW-Authenticate"?: string;
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "reason": "unauthenticated",
                 *         "message": "Please sign in.",
                 *         "fields": null,
                 *         "requestId": "6f2c0a52-8f0e-4f3c-9f0e-1d2c3b4a5968"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description A quota of the plan, or of the key, is used up. The message says what lifts it. */
        QuotaExceeded: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "reason": "quota_exceeded",
                 *         "message": "The 10,000 API calls of this month are used up.",
                 *         "fields": null,
                 *         "requestId": "6f2c0a52-8f0e-4f3c-9f0e-1d2c3b4a5968"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Role, key or plan do not allow this. */
        Forbidden: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "reason": "forbidden",
                 *         "message": "Your role does not allow this.",
                 *         "fields": null,
                 *         "requestId": "6f2c0a52-8f0e-4f3c-9f0e-1d2c3b4a5968"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description There is no such thing, or it is another organization’s. */
        NotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "reason": "not_found",
                 *         "message": "Organization not found.",
                 *         "fields": null,
                 *         "requestId": "6f2c0a52-8f0e-4f3c-9f0e-1d2c3b4a5968"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description It does not go with what is there already. */
        Conflict: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "reason": "conflict",
                 *         "message": "There is a customer with this address already.",
                 *         "fields": {
                 *           "email": [
                 *             "There is a customer with this address already."
                 *           ]
                 *         },
                 *         "requestId": "6f2c0a52-8f0e-4f3c-9f0e-1d2c3b4a5968"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The body has more than 64 kB. */
        TooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "reason": "too_large",
                 *         "message": "A request may hold at most 64 kB.",
                 *         "fields": null,
                 *         "requestId": "6f2c0a52-8f0e-4f3c-9f0e-1d2c3b4a5968"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The address has more than 8,000 characters. */
        LongAddress: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "reason": "too_large",
                 *         "message": "This address is too long.",
                 *         "fields": null,
                 *         "requestId": "6f2c0a52-8f0e-4f3c-9f0e-1d2c3b4a5968"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The body is not JSON. */
        NoJson: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "reason": "unsupported_media_type",
                 *         "message": "Send the request as application/json.",
                 *         "fields": null,
                 *         "requestId": "6f2c0a52-8f0e-4f3c-9f0e-1d2c3b4a5968"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Too many calls in a minute. `Retry-After` says how many seconds to wait. */
        RateLimited: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "reason": "rate_limited",
                 *         "message": "Too many requests. Please wait a moment, then try again.",
                 *         "fields": null,
                 *         "requestId": "6f2c0a52-8f0e-4f3c-9f0e-1d2c3b4a5968"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The headers have more than 16 kB. */
        LongHeaders: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "reason": "too_large",
                 *         "message": "The headers of the request are too long.",
                 *         "fields": null,
                 *         "requestId": "6f2c0a52-8f0e-4f3c-9f0e-1d2c3b4a5968"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description A fault of ours. The number of the request helps us to find it. */
        Fault: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "reason": null,
                 *         "message": "Something went wrong.",
                 *         "fields": null,
                 *         "requestId": "6f2c0a52-8f0e-4f3c-9f0e-1d2c3b4a5968"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Something that the call needs is away. Trying again later is safe. */
        Unavailable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "reason": "unavailable",
                 *         "message": "The service is not available right now.",
                 *         "fields": null,
                 *         "requestId": "6f2c0a52-8f0e-4f3c-9f0e-1d2c3b4a5968"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Error"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The number of the request. */
        "X-Request-Id": string;
        /** @description Calls that the key may make in a minute. */
        "X-RateLimit-Limit": number;
        /** @description How many of them are left. */
        "X-RateLimit-Remaining": number;
        /** @description Seconds until the next minute of the key. */
        "X-RateLimit-Reset": number;
        /** @description Seconds after which to try again. */
        "Retry-After": number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "auth.me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": {
                     *         "id": "0197a3c4-5d6e-4f70-8a91-b2c3d4e5f60d",
                     *         "name": "Nightly import",
                     *         "role": "member",
                     *         "permissions": [
                     *           "org.read",
                     *           "customers.read",
                     *           "customers.write"
                     *         ]
                     *       },
                     *       "org": {
                     *         "slug": "acme",
                     *         "name": "Acme"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Key"] | components["schemas"]["Person"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["QuotaExceeded"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            414: components["responses"]["LongAddress"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["LongHeaders"];
            500: components["responses"]["Fault"];
            503: components["responses"]["Unavailable"];
        };
    };
    "orgs.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization’s slug, as in the address of its pages.
                 * @example acme
                 */
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0197a3c4-5d6e-4f70-8a91-b2c3d4e5f60b",
                     *       "slug": "acme",
                     *       "name": "Acme",
                     *       "role": "member",
                     *       "createdAt": "2030-01-31T12:00:00.000Z",
                     *       "tier": "free",
                     *       "features": {
                     *         "members": 10,
                     *         "customers": 10000,
                     *         "audit_export": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Organization"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["QuotaExceeded"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            414: components["responses"]["LongAddress"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["LongHeaders"];
            500: components["responses"]["Fault"];
            503: components["responses"]["Unavailable"];
        };
    };
    "orgs.update": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization’s slug, as in the address of its pages.
                 * @example acme
                 */
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Acme"
                 *     }
                 */
                "application/json": {
                    name?: string;
                    slug?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0197a3c4-5d6e-4f70-8a91-b2c3d4e5f60b",
                     *       "slug": "acme",
                     *       "name": "Acme"
                     *     }
                     */
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        slug: string;
                        name: string;
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["QuotaExceeded"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            414: components["responses"]["LongAddress"];
            415: components["responses"]["NoJson"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["LongHeaders"];
            500: components["responses"]["Fault"];
            503: components["responses"]["Unavailable"];
        };
    };
    "audit.list": {
        parameters: {
            query?: {
                /** @example org.updated */
                action?: string;
                actorId?: string;
                from?: string;
                to?: string;
                /** @description Items of a page at the most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The organization’s slug, as in the address of its pages.
                 * @example acme
                 */
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "0197a3c4-5d6e-4f70-8a91-b2c3d4e5f60a",
                     *           "at": "2030-01-31T12:00:00.000Z",
                     *           "action": "org.updated",
                     *           "actor": {
                     *             "kind": "user",
                     *             "id": "0197a3c4-5d6e-4f70-8a91-b2c3d4e5f608",
                     *             "name": "Grace Hopper"
                     *           },
                     *           "impersonator": null,
                     *           "target": {
                     *             "id": "0197a3c4-5d6e-4f70-8a91-b2c3d4e5f60b",
                     *             "name": "Acme"
                     *           },
                     *           "ip": "192.0.2.1",
                     *           "device": "curl/8.14.1",
                     *           "requestId": "0197a3c4-5d6e-4f70-8a91-b2c3d4e5f60c",
                     *           "details": {
                     *             "before": {
                     *               "name": "ACME"
                     *             },
                     *             "after": {
                     *               "name": "Acme"
                     *             }
                     *           }
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "total": 1
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["AuditEntry"][];
                        /** @description The `cursor` of the next page; null on the last one. */
                        nextCursor: string | null;
                        /** @description How many there are, counted up to 10,000; null on all pages but the first. */
                        total: number | null;
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["QuotaExceeded"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            414: components["responses"]["LongAddress"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["LongHeaders"];
            500: components["responses"]["Fault"];
            503: components["responses"]["Unavailable"];
        };
    };
    "customers.list": {
        parameters: {
            query?: {
                /** @example love */
                q?: string;
                sort?: "name" | "email" | "createdAt";
                direction?: "asc" | "desc";
                /**
                 * @description Items of a page at the most.
                 * @example 10
                 */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The organization’s slug, as in the address of its pages.
                 * @example acme
                 */
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "0197a3c4-5d6e-4f70-8a91-b2c3d4e5f607",
                     *           "name": "Ada Lovelace",
                     *           "email": "ada@example.com",
                     *           "phone": "+44 20 7946 0000",
                     *           "notes": "Wants to see the engine.",
                     *           "createdAt": "2030-01-31T12:00:00.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "total": 1
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Customer"][];
                        /** @description The `cursor` of the next page; null on the last one. */
                        nextCursor: string | null;
                        /** @description How many there are, counted up to 10,000; null on all pages but the first. */
                        total: number | null;
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["QuotaExceeded"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            414: components["responses"]["LongAddress"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["LongHeaders"];
            500: components["responses"]["Fault"];
            503: components["responses"]["Unavailable"];
        };
    };
    "customers.create": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization’s slug, as in the address of its pages.
                 * @example acme
                 */
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Ada Lovelace",
                 *       "email": "ada@example.com",
                 *       "phone": "+44 20 7946 0000",
                 *       "notes": "Wants to see the engine."
                 *     }
                 */
                "application/json": {
                    name: string;
                    /** Format: email */
                    email: string;
                    phone?: string | null;
                    notes?: string | null;
                };
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    /** @description Where it is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0197a3c4-5d6e-4f70-8a91-b2c3d4e5f607",
                     *       "name": "Ada Lovelace",
                     *       "email": "ada@example.com",
                     *       "phone": "+44 20 7946 0000",
                     *       "notes": "Wants to see the engine.",
                     *       "createdAt": "2030-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Customer"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["QuotaExceeded"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            414: components["responses"]["LongAddress"];
            415: components["responses"]["NoJson"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["LongHeaders"];
            500: components["responses"]["Fault"];
            503: components["responses"]["Unavailable"];
        };
    };
    "customers.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization’s slug, as in the address of its pages.
                 * @example acme
                 */
                org: string;
                /** @description An id, as lists answer it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0197a3c4-5d6e-4f70-8a91-b2c3d4e5f607",
                     *       "name": "Ada Lovelace",
                     *       "email": "ada@example.com",
                     *       "phone": "+44 20 7946 0000",
                     *       "notes": "Wants to see the engine.",
                     *       "createdAt": "2030-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Customer"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["QuotaExceeded"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            414: components["responses"]["LongAddress"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["LongHeaders"];
            500: components["responses"]["Fault"];
            503: components["responses"]["Unavailable"];
        };
    };
    "customers.delete": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization’s slug, as in the address of its pages.
                 * @example acme
                 */
                org: string;
                /** @description An id, as lists answer it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": true
                     *     }
                     */
                    "application/json": {
                        /** @constant */
                        deleted: true;
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["QuotaExceeded"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            414: components["responses"]["LongAddress"];
            415: components["responses"]["NoJson"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["LongHeaders"];
            500: components["responses"]["Fault"];
            503: components["responses"]["Unavailable"];
        };
    };
    "customers.update": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization’s slug, as in the address of its pages.
                 * @example acme
                 */
                org: string;
                /** @description An id, as lists answer it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "phone": null
                 *     }
                 */
                "application/json": {
                    name?: string;
                    /** Format: email */
                    email?: string;
                    phone?: string | null;
                    notes?: string | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0197a3c4-5d6e-4f70-8a91-b2c3d4e5f607",
                     *       "name": "Ada Lovelace",
                     *       "email": "ada@example.com",
                     *       "phone": null,
                     *       "notes": "Wants to see the engine.",
                     *       "createdAt": "2030-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Customer"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["QuotaExceeded"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            414: components["responses"]["LongAddress"];
            415: components["responses"]["NoJson"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["LongHeaders"];
            500: components["responses"]["Fault"];
            503: components["responses"]["Unavailable"];
        };
    };
    "assistant.summarize": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization’s slug, as in the address of its pages.
                 * @example acme
                 */
                org: string;
                /** @description An id, as lists answer it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "text": "Ada wants to see the engine.",
                     *       "tokens": 210,
                     *       "model": "offline"
                     *     }
                     */
                    "application/json": {
                        text: string;
                        tokens: number;
                        model: string;
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["QuotaExceeded"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            414: components["responses"]["LongAddress"];
            415: components["responses"]["NoJson"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["LongHeaders"];
            500: components["responses"]["Fault"];
            503: components["responses"]["Unavailable"];
        };
    };
    "invitations.createMany": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization’s slug, as in the address of its pages.
                 * @example acme
                 */
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "emails": [
                 *         "alan@example.com",
                 *         "nobody"
                 *       ],
                 *       "role": "member"
                 *     }
                 */
                "application/json": {
                    emails: string[];
                    /** @enum {string} */
                    role: "readonly" | "member" | "org_admin";
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "email": "alan@example.com",
                     *         "outcome": "invited"
                     *       },
                     *       {
                     *         "email": "nobody",
                     *         "outcome": "invalid"
                     *       }
                     *     ]
                     */
                    "application/json": {
                        email: string;
                        /** @enum {string} */
                        outcome: "invited" | "already_invited" | "already_member" | "invalid" | "limit";
                    }[];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["QuotaExceeded"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            414: components["responses"]["LongAddress"];
            415: components["responses"]["NoJson"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["LongHeaders"];
            500: components["responses"]["Fault"];
            503: components["responses"]["Unavailable"];
        };
    };
    "invitations.list": {
        parameters: {
            query?: {
                /** @description Items of a page at the most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The organization’s slug, as in the address of its pages.
                 * @example acme
                 */
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "0197a3c4-5d6e-4f70-8a91-b2c3d4e5f609",
                     *           "email": "alan@example.com",
                     *           "role": "member",
                     *           "status": "pending",
                     *           "invitedBy": "Grace Hopper",
                     *           "createdAt": "2030-01-31T12:00:00.000Z",
                     *           "expiresAt": "2030-02-07T12:00:00.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "total": 1
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Invitation"][];
                        /** @description The `cursor` of the next page; null on the last one. */
                        nextCursor: string | null;
                        /** @description How many there are, counted up to 10,000; null on all pages but the first. */
                        total: number | null;
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["QuotaExceeded"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            414: components["responses"]["LongAddress"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["LongHeaders"];
            500: components["responses"]["Fault"];
            503: components["responses"]["Unavailable"];
        };
    };
    "invitations.create": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization’s slug, as in the address of its pages.
                 * @example acme
                 */
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "alan@example.com",
                 *       "role": "member"
                 *     }
                 */
                "application/json": {
                    /** Format: email */
                    email: string;
                    /** @enum {string} */
                    role: "readonly" | "member" | "org_admin";
                };
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0197a3c4-5d6e-4f70-8a91-b2c3d4e5f609",
                     *       "expiresAt": "2030-02-07T12:00:00.000Z"
                     *     }
                     */
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** Format: date-time */
                        expiresAt: string;
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["QuotaExceeded"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            414: components["responses"]["LongAddress"];
            415: components["responses"]["NoJson"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["LongHeaders"];
            500: components["responses"]["Fault"];
            503: components["responses"]["Unavailable"];
        };
    };
    "invitations.revoke": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization’s slug, as in the address of its pages.
                 * @example acme
                 */
                org: string;
                /** @description An id, as lists answer it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revoked": true
                     *     }
                     */
                    "application/json": {
                        /** @constant */
                        revoked: true;
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["QuotaExceeded"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            414: components["responses"]["LongAddress"];
            415: components["responses"]["NoJson"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["LongHeaders"];
            500: components["responses"]["Fault"];
            503: components["responses"]["Unavailable"];
        };
    };
    "invitations.resend": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization’s slug, as in the address of its pages.
                 * @example acme
                 */
                org: string;
                /** @description An id, as lists answer it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0197a3c4-5d6e-4f70-8a91-b2c3d4e5f609",
                     *       "expiresAt": "2030-02-07T12:00:00.000Z"
                     *     }
                     */
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** Format: date-time */
                        expiresAt: string;
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["QuotaExceeded"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            414: components["responses"]["LongAddress"];
            415: components["responses"]["NoJson"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["LongHeaders"];
            500: components["responses"]["Fault"];
            503: components["responses"]["Unavailable"];
        };
    };
    "members.list": {
        parameters: {
            query?: {
                q?: string;
                role?: "readonly" | "member" | "org_admin";
                /** @description Items of a page at the most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The organization’s slug, as in the address of its pages.
                 * @example acme
                 */
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "userId": "0197a3c4-5d6e-4f70-8a91-b2c3d4e5f608",
                     *           "name": "Grace Hopper",
                     *           "email": "grace@example.com",
                     *           "avatarUrl": null,
                     *           "role": "member",
                     *           "joinedAt": "2030-01-31T12:00:00.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "total": 1
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Member"][];
                        /** @description The `cursor` of the next page; null on the last one. */
                        nextCursor: string | null;
                        /** @description How many there are, counted up to 10,000; null on all pages but the first. */
                        total: number | null;
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["QuotaExceeded"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            414: components["responses"]["LongAddress"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["LongHeaders"];
            500: components["responses"]["Fault"];
            503: components["responses"]["Unavailable"];
        };
    };
    "members.remove": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization’s slug, as in the address of its pages.
                 * @example acme
                 */
                org: string;
                /** @description An id, as lists answer it. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "removed"
                     *     }
                     */
                    "application/json": {
                        /** @constant */
                        status: "removed";
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["QuotaExceeded"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            414: components["responses"]["LongAddress"];
            415: components["responses"]["NoJson"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["LongHeaders"];
            500: components["responses"]["Fault"];
            503: components["responses"]["Unavailable"];
        };
    };
    "members.setRole": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization’s slug, as in the address of its pages.
                 * @example acme
                 */
                org: string;
                /** @description An id, as lists answer it. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role": "readonly"
                 *     }
                 */
                "application/json": {
                    /** @enum {string} */
                    role: "readonly" | "member" | "org_admin";
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "userId": "0197a3c4-5d6e-4f70-8a91-b2c3d4e5f608",
                     *       "role": "readonly"
                     *     }
                     */
                    "application/json": {
                        /** Format: uuid */
                        userId: string;
                        /** @enum {string} */
                        role: "readonly" | "member" | "org_admin";
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["QuotaExceeded"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            414: components["responses"]["LongAddress"];
            415: components["responses"]["NoJson"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["LongHeaders"];
            500: components["responses"]["Fault"];
            503: components["responses"]["Unavailable"];
        };
    };
    "usage.summary": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization’s slug, as in the address of its pages.
                 * @example acme
                 */
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tier": "free",
                     *       "period": {
                     *         "from": "2030-01-31T12:00:00.000Z",
                     *         "to": "2030-02-28T12:00:00.000Z"
                     *       },
                     *       "features": [
                     *         {
                     *           "key": "customers",
                     *           "title": "Customers",
                     *           "kind": "quota",
                     *           "used": 25,
                     *           "limit": 10000,
                     *           "enabled": true
                     *         }
                     *       ],
                     *       "limits": {
                     *         "*": 600,
                     *         "customers.import": 5
                     *       },
                     *       "spend": {
                     *         "allotmentLeft": 50000,
                     *         "credits": 0,
                     *         "overage": 0,
                     *         "overageEnabled": false
                     *       },
                     *       "plans": [
                     *         {
                     *           "key": "free",
                     *           "title": "Free",
                     *           "features": {
                     *             "customers": 10000
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        tier: string;
                        period: {
                            /** Format: date-time */
                            from: string;
                            /** Format: date-time */
                            to: string;
                        };
                        features: {
                            key: string;
                            title: string;
                            /** @enum {string} */
                            kind: "quota" | "flag";
                            used: number | null;
                            /** @description -1 is without an end; null for a flag. */
                            limit: number | null;
                            enabled: boolean;
                        }[];
                        /** @description Calls a minute: of all (`*`), and of single procedures. */
                        limits: Record<string, never>;
                        spend: {
                            allotmentLeft: number;
                            credits: number;
                            overage: number;
                            overageEnabled: boolean;
                        };
                        plans: {
                            key: string;
                            title: string;
                            features: Record<string, never>;
                        }[];
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["QuotaExceeded"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            414: components["responses"]["LongAddress"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["LongHeaders"];
            500: components["responses"]["Fault"];
            503: components["responses"]["Unavailable"];
        };
    };
    "usage.history": {
        parameters: {
            query?: {
                /** @example 2030-01-31 */
                from?: string;
                /** @example 2030-01-31 */
                to?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The organization’s slug, as in the address of its pages.
                 * @example acme
                 */
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "days": [
                     *         {
                     *           "day": "2030-01-31",
                     *           "calls": 120,
                     *           "customers": 3,
                     *           "aiTokens": 210
                     *         }
                     *       ],
                     *       "total": {
                     *         "calls": 120,
                     *         "customers": 3,
                     *         "aiTokens": 210
                     *       }
                     *     }
                     */
                    "application/json": {
                        days: {
                            /** Format: date */
                            day: string;
                            calls: number;
                            customers: number;
                            aiTokens: number;
                        }[];
                        total: {
                            calls: number;
                            customers: number;
                            aiTokens: number;
                        };
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["QuotaExceeded"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            414: components["responses"]["LongAddress"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["LongHeaders"];
            500: components["responses"]["Fault"];
            503: components["responses"]["Unavailable"];
        };
    };
    "usage.topUsers": {
        parameters: {
            query?: {
                from?: string;
                to?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The organization’s slug, as in the address of its pages.
                 * @example acme
                 */
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "actor": {
                     *             "kind": "user",
                     *             "id": "0197a3c4-5d6e-4f70-8a91-b2c3d4e5f608",
                     *             "name": "Grace Hopper"
                     *           },
                     *           "calls": 120,
                     *           "customers": 3,
                     *           "aiTokens": 210
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        items: {
                            actor: {
                                /** @enum {string} */
                                kind: "user" | "key" | "system";
                                id: string | null;
                                name: string;
                            };
                            calls: number;
                            customers: number;
                            aiTokens: number;
                        }[];
                    };
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["QuotaExceeded"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            414: components["responses"]["LongAddress"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["LongHeaders"];
            500: components["responses"]["Fault"];
            503: components["responses"]["Unavailable"];
        };
    };
}
