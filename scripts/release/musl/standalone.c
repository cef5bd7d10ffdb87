/*
 * What a program for musl gets in place of parts of libstdc++. It throws no exceptions, so what would throw one ends
 * it, and nothing else that has to do with them is ever called.
 *
 * ONCE_CALL is the distance of std::__once_call from the thread pointer.
 */

/* Functions of the C library, called by way of the places where the loader puts their addresses. */
#ifdef __x86_64__
#define LIBC(name) __asm__(".text\n.globl " #name "\n" #name ": jmp *slot_" #name);
#else
#define LIBC(name) \
  __asm__(".text\n.globl " #name "\n" #name ": adrp x16, slot_" #name "\n" \
          "ldr x16, [x16, :lo12:slot_" #name "]\nbr x16");
#endif
LIBC(abort)
LIBC(clock_gettime)
LIBC(pthread_cond_broadcast)
LIBC(pthread_cond_destroy)
LIBC(pthread_cond_signal)
LIBC(pthread_cond_wait)
LIBC(strcmp)
LIBC(syscall)

#ifdef __aarch64__
/* Of libgcc, whose own ones look first which instructions the processor has. */
unsigned __aarch64_cas4_acq_rel(unsigned expected, unsigned desired, unsigned *at) {
  __atomic_compare_exchange_n(at, &expected, desired, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
  return expected;
}
unsigned __aarch64_swp4_acq_rel(unsigned value, unsigned *at) {
  return __atomic_exchange_n(at, value, __ATOMIC_ACQ_REL);
}
#endif

/* glibc's word for "no thread was ever started". */
const char __libc_single_threaded = 0;

extern void abort(void) __attribute__((noreturn));
#define END(name) \
  void name(void) { abort(); }
END(_Unwind_Resume)
END(_ZSt9terminatev)
END(_ZSt17__throw_bad_allocv)
END(_ZSt19__throw_logic_errorPKc)
END(_ZSt20__throw_length_errorPKc)
END(_ZSt20__throw_system_errori)
END(_ZSt21__glibcxx_assert_failPKciS0_S0_)
END(_ZSt24__throw_out_of_range_fmtPKcz)
END(_ZSt25__throw_bad_function_callv)
END(_ZSt28__throw_bad_array_new_lengthv)
END(_ZN9__gnu_cxx30__throw_recursive_init_exceptionEv)
END(_ZdlPv)
END(_ZdlPvm)
END(__cxa_allocate_exception)
END(__cxa_bad_typeid)
END(__cxa_begin_catch)
END(__cxa_end_catch)
END(__cxa_free_exception)
END(__cxa_pure_virtual)
END(__cxa_rethrow)
END(__cxa_throw)
END(__gxx_personality_v0)

void __once_proxy(void) {
  char *thread = __builtin_thread_pointer();
  (*(void (**)(void))(thread + (ONCE_CALL)))();
}

void *_ZSt13set_terminatePFvvE(void *handler) { return (void)handler, (void *)0; }
void *_ZSt15get_new_handlerv(void) { return 0; }

char *__cxa_demangle(const char *name, char *buffer, unsigned long *length, int *status) {
  (void)name, (void)buffer, (void)length;
  if (status) *status = -2;
  return 0;
}
